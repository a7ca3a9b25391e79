import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openApi } from '../../../src/server/openapi.js';
import type { Route } from '../../../src/server/route.js';

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
interface Operation {
  security?: object[];
  parameters: { name: string; in: string; required?: boolean }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { content: Record<string, { schema: object }> }>;
}

const { paths } = openApi([koala, tree]) as Described;
const operation = paths['/koala/{name}/leaf/{leaf}']?.get as Operation;
const open = paths['/tree']?.post as Operation;

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
      '200',
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
