import { expect, it } from 'vitest';
import { type SecretScan, ShippedSecrets } from '../../../src/runner/shipped-secrets.js';

const NAMED = [
  { name: 'SITE', value: 'Koala', isSecret: false },
  { name: 'API_KEY', value: 'leaf-1', isSecret: true },
  { name: 'TOKEN', value: 'leaf-2', isSecret: true },
];
const ALL = [
  { secret: 0, path: 'index.html', line: 3 },
  { secret: 1, path: 'app.js', line: 1 },
  { secret: 2, path: '***.js' },
];

function shipped(scan: SecretScan, findings = ALL, known: string[] = []): ShippedSecrets {
  const secrets = new ShippedSecrets(NAMED, scan);
  secrets.found(findings, known);
  return secrets;
}

it('ends the build for secrets, with their names and places; the others are told', () => {
  const secrets = shipped('fail');
  expect(secrets.suspects).toEqual(['leaf-1', 'leaf-2']);
  expect(secrets.cause).toMatchObject({
    reason: 'secret_in_artifact',
    message: 'secrets are in what was to be shipped: API_KEY (app.js, line 1), TOKEN (the name of ***.js)',
  });
  expect(secrets.notice).toMatch(/does not name: SITE \(index\.html, line 3\)$/);
});

it('tells of those that a tracked file has, too, and does not end the build for them', () => {
  const secrets = shipped('fail');
  secrets.tracked([0, 1]);
  expect(secrets.cause).toBeUndefined();
  expect(secrets.notice).toMatch('API_KEY (app.js, line 1; also in a tracked file), TOKEN (');
  const half = shipped('fail');
  half.tracked([1]);
  expect(half.cause?.message).toBe('a secret is in what was to be shipped: API_KEY (app.js, line 1)');
});

it('only warns, or does nothing, if the operator wants that', () => {
  const warned = shipped('warn');
  expect([warned.cause, warned.suspects]).toEqual([undefined, []]);
  expect(warned.notice).toMatch(/API_KEY .*TOKEN .*SITE /);
  expect(new ShippedSecrets(NAMED, 'off').values).toEqual([]);
});

it('says nothing of what everybody may know, such as the commit', () => {
  const secrets = shipped('fail', ALL.slice(1), ['has leaf-1 in it', 'leaf-2']);
  expect([secrets.cause, secrets.notice]).toEqual([undefined, undefined]);
});

it('names a variable once, however many of its lines were found, and first what fails the build', () => {
  const named = Array.from({ length: 40 }, (_, at) => ({
    name: `KEY_${at >> 1}`,
    value: `v${at}`,
    isSecret: at > 1,
  }));
  const secrets = new ShippedSecrets(named, 'fail');
  secrets.found(
    named.map((_, secret) => ({ secret, path: 'a', line: 1 })),
    [],
  );
  expect(secrets.suspects).toHaveLength(19);
  expect(secrets.cause?.message).toMatch(/KEY_1 \(a, line 1\).*, KEY_10 \(a, line 1\) and 9 more$/);
  expect(secrets.notice).toMatch(/KEY_0/);
});
