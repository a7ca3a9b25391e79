// Describes the routes for programs, in OpenAPI 3.1, from the same rows that serve them. Pure.
import * as z from 'zod';
import { CallbackBody } from '../job/callback.js';
import { type ErrorKind, httpStatusOf } from '../job/errors.js';
import { FIELD_WORDS } from '../job/payload-fields.js';
import { LOG_EVENTS } from './event-schemas.js';
import { sampleOf } from './openapi-sample.js';
import { TAGS, wordsOf } from './openapi-words.js';
import type { Parameter } from './parameter.js';
import type { Route } from './route.js';
import { ErrorAnswer } from './schemas.js';

const INFO = {
  title: 'koalaci',
  version: '1',
  description: [
    'Builds web projects from git in throw-away containers.',
    'Names are in snake_case; times are RFC 3339 in UTC with milliseconds (2026-01-31T12:00:00.000Z); the names of durations say their unit.',
    'A body is read as JSON whatever its content type says, and has 1 MiB at most. Unknown fields and unknown parameters in the query are refused by name.',
    'A job belongs to the user of the token: for everybody else it does not exist (404). Every answer has the header x-request-id, which is in the log of the service.',
  ].join('\n\n'),
};

/** The errors of every route that needs a token: all of these routes ask Redis, and refuse a query that they do not know. */
const ERRORS_WITH_TOKEN: ErrorKind[] = ['bad_input', 'unauthorised', 'over_limit', 'internal', 'environment'];

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
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        logToken: {
          ...{ type: 'apiKey', in: 'query', name: 'token' },
          description: 'a token of POST /job/{id}/log-token, for the log of that job alone',
        },
      },
    },
  };
}

/** A path in which the rest, which has no name in fastify's syntax, has one. */
function named(path: string): string {
  return path.replace(/\*$/, ':path');
}

function operation(route: Route): object {
  const { summary, body, answer, errors, open, takesLogToken } = route;
  const { id, tag, request } = wordsOf(route);
  const tokens = [{ token: [] }, ...(takesLogToken ? [{ logToken: [] }] : [])];
  return {
    ...{ operationId: id, tags: [tag], summary },
    ...(open ? {} : { security: tokens }),
    parameters: parametersOf(route),
    ...(body
      ? { requestBody: { required: true, content: { '*/*': contentFor(ruled(body), request) } } }
      : {}),
    responses: {
      200: { description: 'Done', content: contentOf(route) },
      ...(route.alternatives?.includes(EVENTS) ? { 204: { description: ENDED } } : {}),
      ...(answer === 'archive' || answer === 'file'
        ? {
            206: { description: 'The part that was asked for', content: contentOf(route) },
            304: { description: 'It is the one that If-None-Match names' },
          }
        : {}),
      ...refusals(open ? errors : [...new Set([...errors, ...ERRORS_WITH_TOKEN])]),
    },
    ...(body && 'callback_url' in (ruled(body).properties ?? {}) ? { callbacks: CALLBACKS } : {}),
  };
}

function parametersOf({ path, parameters = [] }: Route): object[] {
  const schema = { type: 'string' };
  const inPath = [...named(path).matchAll(/:(\w+)/g)].map(([, name]) => ({
    ...{ name, in: 'path', required: true, schema },
    example: name === 'id' ? 'my-deployment' : 'index.html',
  }));
  const asRow = ({ name, in: where, description }: Parameter) => ({ name, in: where, description, schema });
  return [...inPath, ...parameters.map(asRow)];
}

/** Headers of refusals. */
const HEADERS: Partial<Record<ErrorKind, object>> = {
  over_limit: {
    'retry-after': { description: 'in how many seconds to try again', schema: { type: 'integer' } },
  },
  unauthorised: { 'www-authenticate': { schema: { type: 'string' } } },
};

function refusals(kinds: ErrorKind[]): Record<string, object> {
  return Object.fromEntries(
    kinds.map((kind) => {
      const status = httpStatusOf(kind);
      const description = kinds.filter((other) => httpStatusOf(other) === status).join(' or ');
      const example = { error: { code: kind, message: 'what happened', remedy: 'What to do.' } };
      const content = { 'application/json': contentFor(schemaOf(ErrorAnswer), example) };
      return [status, { description, content, ...(HEADERS[kind] ? { headers: HEADERS[kind] } : {}) }];
    }),
  );
}

const EVENTS = 'text/event-stream';
const ENDED = 'Who asks for events has had the end of this log: there is no more';

function contentOf(route: Route): object {
  const { answer, alternatives = [] } = route;
  const { answer: example } = wordsOf(route);
  if (answer === 'text') return { 'text/plain': contentFor({ type: 'string' }, example) };
  if (answer === 'page') return { 'text/html': contentFor({ type: 'string' }, '<!doctype html>…') };
  if (answer === 'archive' || answer === 'file') {
    const type = answer === 'archive' ? 'application/gzip' : '*/*';
    return { [type]: { schema: { type: 'string', format: 'binary' } } };
  }
  const others = alternatives.map((type) => [
    type,
    type === EVENTS ? events() : contentFor({ type: 'string' }, 'text'),
  ]);
  return { 'application/json': contentFor(schemaOf(answer), example), ...Object.fromEntries(others) };
}

/** OpenAPI 3.1 has no words for events: the schema of the data of each is in an extension. */
function events(): object {
  const example = [
    'event: status\ndata: {"status":"BUILDING","attempt":"0b9f"}',
    'id: 1769860800000-1\ndata: {"time":"2026-01-31T12:00:01.000Z","step":"source","line":1,"text":"…\\n"}',
    'id: 1769860800000-end\nevent: end\ndata: {"status":"READY"}',
  ];
  return {
    schema: { type: 'string', description: 'server-sent events; the data of each is JSON, see x-events' },
    example: `${example.join('\n\n')}\n\n`,
    'x-events': Object.fromEntries(Object.entries(LOG_EVENTS).map(([name, one]) => [name, schemaOf(one)])),
  };
}

const CALLBACKS = {
  statusChanged: {
    '{$request.body#/callback_url}': {
      post: {
        summary: 'Is called on every change of status; signed, see koalaci-signature',
        parameters: [
          ['koalaci-id', "the change's id: a call that is sent again has the same one"],
          ['koalaci-timestamp', 'of this try, in seconds since 1970'],
          [
            'koalaci-signature',
            "sha256= and the HMAC-SHA256, in hex, of koalaci-timestamp, koalaci-id, the callback_url and the body, with a line end between; its key is the user's own",
          ],
        ].map(([name, description]) => ({ name, in: 'header', description, schema: { type: 'string' } })),
        requestBody: { content: { 'application/json': contentFor(schemaOf(CallbackBody), undefined) } },
        responses: {
          '2XX': { description: 'It is taken. Else it is sent again, ten times in half an hour.' },
        },
      },
    },
  },
};

interface Schema {
  type?: string;
  description?: string;
  properties?: Record<string, object>;
}

function contentFor(schema: Schema, example: unknown): object {
  return { schema, example: example ?? sampleOf(schema) };
}

/** The schema of a body, each field of a job with its rule in words. */
function ruled(body: z.ZodType): Schema {
  const schema = schemaOf(body);
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const description = wordsOfField(name);
    return [name, description ? { description, ...field } : field];
  });
  return fields.length === 0 ? schema : { ...schema, properties: Object.fromEntries(fields) };
}

/** What the README says of a field of a job, without its links. */
function wordsOfField(name: string): string | undefined {
  const words = (FIELD_WORDS as Record<string, { says: string } | undefined>)[name];
  return words?.says.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
}

function schemaOf(schema: z.ZodType): Schema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest as Schema;
}
