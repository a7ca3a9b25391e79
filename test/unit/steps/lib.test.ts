import { expect, it } from 'vitest';
import { callSteps } from '../../support/steps.js';

const LIBRARY = ['protocol.sh', 'lib.sh'];

it.each([
  [0, '0 MiB'],
  [300 * 2 ** 20, '300 MiB'],
  [1.5 * 2 ** 20, '1.5 MiB'],
  [2 ** 30 - 1, '1024 MiB'],
  [2 ** 30, '1 GiB'],
  [1.5 * 2 ** 30, '1.5 GiB'],
  [4 * 2 ** 30, '4 GiB'],
  [1.96 * 2 ** 30, '2 GiB'],
])('shows %d bytes as %s', async (bytes, shown) => {
  const said = await callSteps(LIBRARY, 'show_bytes "$1"', { words: [String(Math.round(bytes))] });
  expect(said).toEqual({ exitCode: 0, stdout: shown });
});

it.each([
  ['/own', '/ours:/own'],
  ['/own:$PATH', '/own:/ours'],
  ['$PATH:/own', '/ours:/own'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as a job has it
  ['/a:${PATH}:/b', '/a:/ours:/b'],
  ['$PATHS:/own', '/ours:$PATHS:/own'],
  ['', '/ours'],
  [':/own:', '/ours:/own'],
])('extends the path /ours by the job’s %j to %j', async (theirs, path) => {
  const script = 'lib::extend_path /ours "$1"; printf %s "$REPLY"';
  expect((await callSteps(LIBRARY, script, { words: [theirs] })).stdout).toBe(path);
});

it.each([
  ['', ''],
  ['plain', 'plain'],
  ['say "no"', 'say "no"'],
  ['C:\\dir', 'C:\\dir'],
  ['\\"', '\\"'],
  ['two\nlines', 'two\nlines'],
  ['a\tb\x1e\x7fc', 'a b  c'],
  ['größer', 'größer'],
  ['$(id) `id` *', '$(id) `id` *'],
])('writes %j as a JSON string', async (text, read) => {
  const { stdout } = await callSteps(LIBRARY, 'json::string "$1"; printf %s "$REPLY"', { words: [text] });
  expect(JSON.parse(stdout)).toBe(read);
});
