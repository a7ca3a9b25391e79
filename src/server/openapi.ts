// Describes the routes for programs, in OpenAPI 3.1, from the same rows that serve them. Pure.
import * as z from 'zod';
import { type ErrorKind, httpStatusOf } from '../job/errors.js';
import type { Route } from './route.js';
import { ErrorAnswer } from './schemas.js';

const INFO = {
  title: 'koalaci',
  version: '1',
  description:
    'Builds web projects from git in throw-away containers. Names are in snake_case; times are RFC 3339 in UTC with milliseconds (2026-01-31T12:00:00.000Z); the names of durations say their unit.',
};

/** The errors of every route that needs a token: all of these routes ask Redis. */
const ERRORS_WITH_TOKEN: ErrorKind[] = ['unauthorised', 'over_limit', 'internal', 'environment'];

/** The OpenAPI document. */
export function openApi(routes: Route[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = named(route.path).replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: INFO,
    paths,
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
  };
}

/** A path in which the rest, which has no name in fastify's syntax, has one. */
function named(path: string): string {
  return path.replace(/\*$/, ':path');
}

function operation(route: Route): object {
  const { summary, body, answer, alternatives = [], errors, open } = route;
  return {
    summary,
    ...(open ? {} : { security: [{ token: [] }] }),
    parameters: parametersOf(route),
    ...(body ? { requestBody: { required: true, content: { '*/*': { schema: schemaOf(body) } } } } : {}),
    responses: {
      200: { description: 'Done', content: contentOf(answer, alternatives) },
      ...(answer === 'archive' || answer === 'file'
        ? {
            206: { description: 'The part that was asked for', content: contentOf(answer, alternatives) },
            304: { description: 'It is the one that If-None-Match names' },
          }
        : {}),
      ...refusals(open ? errors : [...errors, ...ERRORS_WITH_TOKEN]),
    },
  };
}

function parametersOf({ path, parameters = [] }: Route): object[] {
  const schema = { type: 'string' };
  const inPath = [...named(path).matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema,
  }));
  return [...inPath, ...parameters.map((parameter) => ({ ...parameter, schema }))];
}

function refusals(kinds: ErrorKind[]): Record<string, object> {
  const content = contentOf(ErrorAnswer, []);
  return Object.fromEntries(
    kinds.map((kind) => {
      const status = httpStatusOf(kind);
      const description = kinds.filter((other) => httpStatusOf(other) === status).join(' or ');
      return [status, { description, content }];
    }),
  );
}

function contentOf(answer: Route['answer'], alternatives: string[]): object {
  const text = { schema: { type: 'string' } };
  if (answer === 'text') return { 'text/plain': text };
  if (answer === 'page') return { 'text/html': text };
  if (answer === 'archive' || answer === 'file') {
    const type = answer === 'archive' ? 'application/gzip' : '*/*';
    return { [type]: { schema: { type: 'string', format: 'binary' } } };
  }
  return {
    'application/json': { schema: schemaOf(answer) },
    ...Object.fromEntries(alternatives.map((type) => [type, text])),
  };
}

function schemaOf(schema: z.ZodType): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}
