// The description of every route for programs (OpenAPI 3.1), made of the schemas that are used.
import * as z from 'zod';
import { Payload } from '../job/payload.js';
import {
  CancelAnswer,
  ErrorAnswer,
  JobAnswer,
  JobsAnswer,
  LogAnswer,
  OkAnswer,
  StatusAnswer,
} from './schemas.js';

interface Route {
  method: 'get' | 'post' | 'patch';
  path: string;
  summary: string;
  answer: z.ZodType | 'text' | 'json';
  /** Statuses besides 200. */
  errors: number[];
  body?: boolean;
  /** Whether it needs a token; such a route fails as all do that ask Redis. */
  open?: boolean;
  /** Other forms of the answer, by what the reader accepts. */
  also?: string[];
}

const ROUTES: Route[] = [
  {
    method: 'post',
    path: '/job/create',
    summary: 'Queues a job',
    answer: OkAnswer,
    errors: [400, 409, 413],
    body: true,
  },
  {
    method: 'patch',
    path: '/job/{id}/cancel',
    summary: 'Stops a job',
    answer: CancelAnswer,
    errors: [404, 409],
  },
  {
    method: 'get',
    path: '/job/{id}/status',
    summary: 'The status of a job',
    answer: StatusAnswer,
    errors: [404],
  },
  {
    method: 'get',
    path: '/job/{id}/log',
    summary: 'The log of a job; as text/event-stream it is followed, resumable by Last-Event-ID',
    answer: LogAnswer,
    errors: [404],
    also: ['text/plain', 'text/event-stream'],
  },
  { method: 'get', path: '/job/{id}', summary: 'The record of a job', answer: JobAnswer, errors: [404] },
  { method: 'get', path: '/jobs', summary: 'Your jobs, newest first', answer: JobsAnswer, errors: [400] },
  {
    method: 'get',
    path: '/healthz',
    summary: 'Whether the process is alive',
    answer: OkAnswer,
    errors: [],
    open: true,
  },
  {
    method: 'get',
    path: '/readyz',
    summary: 'Whether jobs can be taken',
    answer: OkAnswer,
    errors: [503],
    open: true,
  },
  {
    method: 'get',
    path: '/metrics',
    summary: 'Figures for Prometheus',
    answer: 'text',
    errors: [],
    open: true,
  },
  {
    method: 'get',
    path: '/openapi.json',
    summary: 'This description',
    answer: 'json',
    errors: [],
    open: true,
  },
];

/** The document. */
export function openApi(): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'koalaci',
      version: '1',
      description: 'Builds web projects from git in throw-away containers.',
    },
    paths: Object.fromEntries(
      [...new Set(ROUTES.map(({ path }) => path))].map((path) => [path, pathItem(path)]),
    ),
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
  };
}

function pathItem(path: string): object {
  const routes = ROUTES.filter((route) => route.path === path);
  return Object.fromEntries(routes.map((route) => [route.method, operation(route)]));
}

function operation({ path, summary, answer, errors, body, open, also = [] }: Route): object {
  const statuses = open ? errors : [401, ...errors, 500, 503];
  return {
    summary,
    ...(open ? {} : { security: [{ token: [] }] }),
    parameters: parametersOf(path),
    ...(body ? { requestBody: { required: true, content: { '*/*': { schema: schemaOf(Payload) } } } } : {}),
    responses: {
      200: { description: 'Done', content: contentOf(answer, also) },
      ...Object.fromEntries(
        statuses.map((status) => [status, { description: 'Refused', content: contentOf(ErrorAnswer, []) }]),
      ),
    },
  };
}

function parametersOf(path: string): object[] {
  const string = { type: 'string' };
  if (path === '/jobs') return [{ name: 'limit', in: 'query', schema: string }];
  if (!path.includes('{id}')) return [];
  const id = { name: 'id', in: 'path', required: true, schema: string };
  return path.endsWith('/log') ? [id, { name: 'Last-Event-ID', in: 'header', schema: string }] : [id];
}

function contentOf(answer: Route['answer'], also: string[]): object {
  const text = { schema: { type: 'string' } };
  if (answer === 'text') return { 'text/plain': text };
  const json = { schema: answer === 'json' ? { type: 'object' } : schemaOf(answer) };
  return { 'application/json': json, ...Object.fromEntries(also.map((type) => [type, text])) };
}

function schemaOf(schema: z.ZodType): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}
