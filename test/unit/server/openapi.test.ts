import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { FIELD_WORDS } from '../../../src/job/payload-fields.js';
import { Detections } from '../../../src/server/detections.js';
import type { Following } from '../../../src/server/log-routes.js';
import { openApi } from '../../../src/server/openapi.js';
import type { Route } from '../../../src/server/route.js';
import { allRoutes } from '../../../src/server/routes.js';
import type { Services } from '../../../src/server/services.js';

const koala: Route = {
  method: 'GET',
  path: '/koala/:name/leaf/:leaf',
  summary: 'One leaf of a koala',
  parameters: [{ name: 'fresh', in: 'query', description: 'how fresh it has to be' }],
  answer: z.strictObject({ data: z.literal('chewed') }),
  alternatives: ['text/event-stream'],
  errors: ['not_found', 'too_large', 'bad_input', 'source_failed'],
  handler: async () => ({ data: 'chewed' }),
};
const tree: Route = {
  method: 'POST',
  path: '/tree',
  summary: 'Plants a tree',
  body: z.strictObject({ height: z.number() }),
  answer: 'text',
  errors: [],
  open: true,
  handler: async () => 'planted',
};

interface Described {
  paths: Record<string, Record<string, Operation>>;
}
interface Whole extends Described {
  tags: { name: string }[];
}
interface Content {
  schema: object;
  example?: unknown;
  'x-events'?: object;
}
interface Operation {
  operationId: string;
  tags: string[];
  callbacks?: object;
  security?: object[];
  parameters: { name: string; in: string; required?: boolean }[];
  requestBody?: { content: Record<string, Content> };
  responses: Record<string, { content: Record<string, Content> }>;
}

const { paths } = openApi([koala, tree]) as Described;
const operation = paths['/koala/{name}/leaf/{leaf}']?.get as Operation;
const open = paths['/tree']?.post as Operation;

describe('every route of the service', () => {
  const routes = allRoutes(
    { artifacts: {} } as Services,
    { detections: new Detections(undefined) } as Following & {
      detections: Detections;
    },
  );
  const document = openApi(routes) as Whole;
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true, uri: true } });

  it('has a name of its own, and a group that is described', () => {
    const names = operations.map(({ operationId }) => operationId);
    expect(names).toEqual([...new Set(names)]);
    const tags = document.tags.map(({ name }) => name);
    expect(operations.flatMap(({ tags: own }) => own).filter((tag) => !tags.includes(tag))).toEqual([]);
  });

  it('has an example of each body, which fits', () => {
    const bodies = operations.flatMap(({ requestBody, responses }) =>
      [requestBody, ...Object.values(responses)].flatMap((one) => Object.values(one?.content ?? {})),
    );
    const texts = bodies.filter(({ schema }) => !('format' in schema && schema.format === 'binary'));
    const wrong = texts.filter(({ schema, example }) => !ajv.validate(schema, example));
    expect(wrong.map(({ example }) => example)).toEqual([]);
    expect(texts.length).toBeGreaterThan(100);
  });

  it('of a job has the rule of each field, and says how callbacks are', () => {
    const create = document.paths['/job/create']?.post;
    const { properties } = create?.requestBody?.content['*/*']?.schema as {
      properties: Record<string, { description?: string }>;
    };
    expect(Object.keys(properties).filter((name) => !properties[name]?.description)).toEqual([]);
    expect(Object.keys(properties).sort()).toEqual(Object.keys(FIELD_WORDS).sort());
    expect(JSON.stringify(create?.callbacks)).toContain('koalaci-signature');
  });

  it('that is followed has the schema of each event', () => {
    const content = document.paths['/job/{id}/log']?.get?.responses[200]?.content['text/event-stream'];
    expect(Object.keys(content?.['x-events'] ?? {})).toEqual(['message', 'status', 'step', 'cut', 'end']);
  });
});

describe('a route is described with', () => {
  it('its path, and what may be said in it and beside it', () => {
    expect(Object.keys(paths)).toEqual(['/koala/{name}/leaf/{leaf}', '/tree']);
    expect(operation.parameters).toMatchObject([
      { name: 'name', in: 'path', required: true },
      { name: 'leaf', in: 'path', required: true },
      { name: 'fresh', in: 'query' },
    ]);
  });

  it('its answers in every form, and its refusals', () => {
    expect(Object.keys(operation.responses[200]?.content ?? {})).toEqual([
      'application/json',
      'text/event-stream',
    ]);
    expect(Object.keys(operation.responses)).toEqual([
      ...['200', '204'],
      '400',
      '401',
      '404',
      '413',
      '429',
      '500',
      '503',
    ]);
    expect(operation.responses[400]).toMatchObject({ description: 'bad_input or source_failed' });
    expect(Object.keys(open.responses[200]?.content ?? {})).toEqual(['text/plain']);
    expect(Object.keys(open.responses)).toEqual(['200']);
  });

  it('schemas of what it wants and answers', () => {
    const ajv = new Ajv2020({ strict: false });
    const body = open.requestBody?.content['*/*']?.schema ?? false;
    expect([ajv.validate(body, { height: 3 }), ajv.validate(body, { height: 'tall' })]).toEqual([
      true,
      false,
    ]);
    const refusal = operation.responses[404]?.content['application/json']?.schema ?? false;
    expect(ajv.validate(refusal, { error: { code: 'not_found', message: 'no leaf' } })).toBe(true);
    expect(ajv.validate(refusal, { error: { code: 'eaten', message: 'no leaf' } })).toBe(false);
  });

  it('the token that it needs', () => {
    expect(operation.security).toEqual([{ token: [] }]);
    expect(open.security).toBeUndefined();
  });
});
