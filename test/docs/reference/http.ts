// The reference of HTTP, from the description that the service gives to programs (GET /openapi.json). Pure.
import { Detections } from '../../../src/server/detections.js';
import type { Following } from '../../../src/server/log-routes.js';
import { openApi } from '../../../src/server/openapi.js';
import { allRoutes } from '../../../src/server/routes.js';
import type { Services } from '../../../src/server/services.js';
import { code, table } from './tables.js';

interface Schema {
  type?: string | string[];
  description?: string;
  enum?: unknown[];
  const?: unknown;
  format?: string;
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
}
interface Content {
  schema?: Schema;
  example?: unknown;
  'x-events'?: Record<string, Schema>;
}
type Contents = Record<string, Content>;
interface Operation {
  summary: string;
  security?: Record<string, string[]>[];
  parameters: { name: string; in: string; description?: string }[];
  requestBody?: { content: Contents };
  responses: Record<string, { description: string; content?: Contents }>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
}

/** Answers of every route that needs a token: they are said once. */
const OF_ALL = ['400', '401', '429', '500', '503'];
const ONE_LINE = 100;
/** The fields of a job have a table of their own. */
const JOB_FIELD = 'project_repo_url';

/** Each route with its parameters, its body, its answers and its errors. */
export function httpReference(): string {
  const { paths } = describedService();
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => route(`${method.toUpperCase()} ${path}`, operation)),
  );
  return routes.join('\n\n');
}

/** The events of a followed log, each with what its data has. */
export function eventsReference(): string {
  const log = describedService().paths['/job/{id}/log']?.get;
  const events = log?.responses['200']?.content?.['text/event-stream']?.['x-events'] ?? {};
  return Object.entries(events)
    .map(([name, schema]) => `### Event ${code(name)}\n\n${schema.description}.\n\n${propertiesOf(schema)}`)
    .join('\n\n');
}

/** What a schema has, as a table. */
export function propertiesOf(schema: Schema): string {
  const rows = Object.entries(schema.properties ?? {}).map(([name, one]) => [
    code(name),
    `${typeOf(one)}${schema.required?.includes(name) ? '' : ', optional'}`,
    one.description ?? '',
  ]);
  return table(['field', 'type', ''], rows);
}

function describedService(): Document {
  // Rows are looked at, and none is asked.
  const following = { detections: new Detections(undefined) } as Following & { detections: Detections };
  return openApi(allRoutes({ artifacts: {} } as Services, following)) as Document;
}

function route(name: string, { summary, security, parameters, requestBody, responses }: Operation): string {
  const body = Object.values(requestBody?.content ?? {})[0];
  const query = parameters.filter((one) => one.in !== 'path');
  const rows = query.map((one) => [code(one.name), one.in, one.description ?? '']);
  return [
    `### ${code(name)}`,
    `${summary}.${security ? '' : ' Needs no token.'}`,
    ...(rows.length > 0 ? [table(['parameter', 'in', ''], rows)] : []),
    ...(body ? [bodyOf(body)] : []),
    ...answersOf(responses['200']?.content ?? {}),
    ...statuses(responses, security ? OF_ALL : []),
  ].join('\n\n');
}

function bodyOf({ schema = {}, example }: Content): string {
  const isJob = JOB_FIELD in (schema.properties ?? {});
  const fields = isJob ? 'The body is [a job](#the-job)' : `The body:\n\n${propertiesOf(schema)}`;
  if (isJob) return `${fields}.`;
  return JSON.stringify(example) === '{}' ? fields : `${fields}\n\n${json(example)}`;
}

function answersOf(contents: Contents): string[] {
  const { 'application/json': answer, ...others } = contents;
  const types = Object.keys(others).map(code);
  const also = answer ? 'With `Accept`, also' : 'The answer is';
  return [
    ...(answer ? [`The answer:\n\n${json(answer.example)}`] : []),
    ...(types.length > 0 ? [`${also} ${types.join(', ')}.`] : []),
  ];
}

function statuses(responses: Operation['responses'], saidElsewhere: string[]): string[] {
  const others = Object.entries(responses).filter(
    ([status]) => status !== '200' && !saidElsewhere.includes(status),
  );
  if (others.length === 0) return [];
  return [
    `Else: ${others.map(([status, { description }]) => `${status} (${lowerCase(description)})`).join('; ')}.`,
  ];
}

function lowerCase(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

function json(example: unknown): string {
  const inOneLine = JSON.stringify(example);
  return `\`\`\`json\n${inOneLine.length <= ONE_LINE ? inOneLine : JSON.stringify(example, null, 2)}\n\`\`\``;
}

function typeOf({ type, enum: values, const: value, format, anyOf, items }: Schema): string {
  if (value !== undefined) return code(JSON.stringify(value));
  if (values) return values.map((one) => code(String(one) || '""')).join(', ');
  if (anyOf) return anyOf.map(typeOf).join(' or ');
  if (type === 'array') return `list of ${items ? typeOf(items) : 'any'}`;
  if (format === 'date-time') return 'time';
  return String(type ?? 'any');
}
