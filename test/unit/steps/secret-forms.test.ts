import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { STEPS } from '../../support/steps.js';

const PROGRAM = join(STEPS, 'decisions/secret-forms.jq');

async function forms(...values: string[]): Promise<string[]> {
  const input = values.map((value) => `${value}\0`).join('');
  const { stdout } = await execa('jq', ['-Rrsf', PROGRAM], { input });
  return stdout.split('\n').filter((line) => line !== '');
}

/** Whether a file with this text would be found. */
const found = async (text: string, ...values: string[]) =>
  (await forms(...values)).some((form) => text.includes(form));

const SECRET = 'pa"ss/wörd?>>';

it.each([
  ['as it is', `key=${SECRET};`],
  ['in an address', `https://x/?key=${encodeURIComponent(SECRET)}`],
  ['in JSON', JSON.stringify({ key: SECRET })],
  ...['', 'a', 'ab', 'abc'].flatMap((before): [string, string][] => [
    [`in base64 after ${before.length} bytes`, Buffer.from(`${before}${SECRET}`).toString('base64')],
    [`in base64 between ${before.length} bytes`, Buffer.from(`${before}${SECRET}ende`).toString('base64')],
    [
      `in base64 of addresses after ${before.length} bytes`,
      Buffer.from(`${before}${SECRET}`).toString('base64url'),
    ],
  ]),
])('finds a secret %s', async (_, text) => {
  expect(await found(text, SECRET)).toBe(true);
  expect(await found(text, 'another secret')).toBe(false);
});

it('finds each line of a value', async () => {
  const key = '-----BEGIN KEY-----\r\n  MIIBVgIBADANBg  \r\n-----END KEY-----\n';
  expect(await forms(key)).toEqual(expect.arrayContaining(['-----BEGIN KEY-----', 'MIIBVgIBADANBg']));
  expect(await forms(key)).not.toContain('');
});

it.each([
  '',
  'abc',
  'true',
  'Production',
  'debug',
  '3000',
  '      ',
])('does not look for %j, which is everywhere', async (value) => {
  expect(await forms(value)).toEqual([]);
});

it.each(['hunter2', 's3cr3t', 'abcdefgh', '12345678'])('looks for %j', async (value) => {
  expect(await forms(value)).toContain(value);
});
