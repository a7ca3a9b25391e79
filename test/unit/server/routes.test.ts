import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { httpStatusOf } from '../../../src/job/errors.js';
import { Detections } from '../../../src/server/detections.js';
import type { Following } from '../../../src/server/log-routes.js';
import { allRoutes } from '../../../src/server/routes.js';
import type { Services } from '../../../src/server/services.js';

// Rows are looked at, and none is asked.
const routes = allRoutes(
  { artifacts: {} } as Services,
  { detections: new Detections(undefined) } as Following & { detections: Detections },
);

it('are each there once', () => {
  const names = routes.map(({ method, path }) => `${method} ${path}`);
  expect(names).toEqual([...new Set(names)]);
  expect(names).toContain('GET /openapi.json');
});

it('need a token, but those that say how the service is', () => {
  const open = routes.filter((route) => route.open).map(({ path }) => path);
  expect(open).toEqual(['/healthz', '/readyz', '/metrics', '/openapi.json']);
});

it.each(routes)('stand in the README, with the errors of their own: $method $path', ({ path, errors }) => {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  const [, table = ''] = readme.split('| route | answer | errors |\n');
  const isOf = (row: string) => new RegExp(`[ \`]${path.replace('*', '\\*')}[?\`]`).test(row);
  const [row = ''] = table.split('\n\n')[0]?.split('\n').filter(isOf) ?? [];
  expect(row).toContain(path);
  const told = row.split(' | ').at(-1) ?? '';
  expect(errors.map(httpStatusOf).filter((status) => !told.includes(String(status)))).toEqual([]);
});

it('describe themselves, the description included', async () => {
  const description = routes.at(-1)?.handler(undefined as never, undefined as never);
  const { paths } = (await description) as { paths: Record<string, object> };
  expect(Object.values(paths).flatMap(Object.keys)).toHaveLength(routes.length);
});
