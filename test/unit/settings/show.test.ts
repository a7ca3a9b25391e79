import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROWS } from '../../../src/settings/settings.js';
import { effectiveSettings } from '../../../src/settings/show.js';
import { ROOT } from '../../support/koalaci.js';

it('shows what is set, and the defaults of the rest', () => {
  const shown = effectiveSettings({ KOALACI_MEMORY: '8g', KOALACI_PIDS: '' });
  expect(shown).toHaveLength(ROWS.length);
  expect(shown).toContainEqual({ name: 'KOALACI_MEMORY', value: '8g', set: true });
  expect(shown).toContainEqual({ name: 'KOALACI_PIDS', value: '4096', set: false });
  expect(shown).toContainEqual({ name: 'JWT_SECRET', value: 'from koalaci init', set: false });
  expect(shown).toContainEqual({ name: 'KOALACI_SNAPSHOT_REGISTRY', value: '', set: false });
});

it('masks every secret', () => {
  const env = {
    JWT_SECRET: 's3cret',
    KOALACI_TOKEN: 's3cret',
    KOALACI_CALLBACK_SECRET: 's3cret',
    REDIS_URL: 'redis://ann:s3cr/@s3cret@example.com:6380/1?password=s3cret',
    REDIS_HOST: ':s3cret@example.com',
    KOALACI_NPM_REGISTRY: 'https://ann:s3cret@npm.example.com/path',
    KOALACI_SNAPSHOT_REGISTRY: 'ann:s3cret@registry.example.com/path',
  };
  const shown = effectiveSettings(env).filter(({ set }) => set);
  expect(JSON.stringify(shown)).not.toContain('s3cret');
  expect(Object.fromEntries(shown.map(({ name, value }) => [name, value]))).toEqual({
    JWT_SECRET: '***',
    KOALACI_TOKEN: '***',
    KOALACI_CALLBACK_SECRET: '***',
    REDIS_URL: 'redis://***@example.com:6380/1?***',
    REDIS_HOST: '***@example.com',
    KOALACI_NPM_REGISTRY: 'https://***@npm.example.com/path',
    KOALACI_SNAPSHOT_REGISTRY: '***@registry.example.com/path',
  });
});

it('is passed on to the container of the daemon, but for what is of use on the host only', () => {
  const wanted = ROWS.flatMap(({ name, hostOnly }) => (hostOnly ? [] : [name]));
  const lines = wanted.map((name) => `      ${name}: \${${name}:-}`).join('\n');
  // OpenTelemetry's SDK reads its own.
  const passed = environmentOf('koalaci').filter((name) => !name.startsWith('OTEL_'));
  expect(passed.sort(), `compose.yml should have:\n${lines}\n`).toEqual(wanted.sort());
});

/** The names under `environment:` of a service in compose.yml, wherever in ci/ that is. */
function environmentOf(service: string): string[] {
  const ci = join(ROOT, 'ci');
  const file = readdirSync(ci, { recursive: true }).find((name) => /(^|\/)compose\.yml$/.test(String(name)));
  const text = readFileSync(join(ci, String(file)), 'utf8');
  const [, block = ''] =
    new RegExp(`^  ${service}:\\n(?:    .*\\n| *\\n)*`, 'm').exec(text)?.[0].split('    environment:\n') ??
    [];
  const own = /^(?: {6}.*\n)*/.exec(block)?.[0] ?? '';
  return [...own.matchAll(/^ {6}(\w+):/gm)].map(([, name = '']) => name);
}
