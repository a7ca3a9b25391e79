import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { callSteps, STEPS, workspaceOf } from '../../support/steps.js';

const LIBRARIES = ['manager.sh', 'manifest.sh', 'node-aliases.sh', 'requests.sh'];
// What the image has: npm's ranges, without its Node.
const SURROUNDINGS = `STEPS=${STEPS}; fail() { echo "$2"; exit 1; }
  registry::is_range() { [[ $1 == *[0-9]* ]]; }`;

/** Asks for the first request of a tool, in a workspace whose project is apps/site. */
async function first(tool: string, places: string, files: Record<string, string | Buffer>) {
  const at = await workspaceOf({ 'apps/site/.keep': '', '.run/.keep': '' });
  for (const [path, content] of Object.entries(files)) await writeFile(join(at, path), content);
  const script = `${SURROUNDINGS}
    WORKSPACE=${at} RUN=${at}/.run FACTS[project]=${at}/apps/site
    requests::collect; requests::first ${tool} ${places} || true; echo "$REPLY ($WHERE)"`;
  return (await callSteps(LIBRARIES, script)).stdout;
}

const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');

describe('a file with one version', () => {
  it.each([
    ['20.1.0', '20.1.0 (.nvmrc line 1)'],
    ['v20', 'v20 (.nvmrc line 1)'],
    ['# ours\n\n  20.x  # for now\n22\n', '20.x (.nvmrc line 3)'],
    ['lts/*\r\n', 'lts/* (.nvmrc line 1)'],
    ['\ufeff20\n', '20 (.nvmrc line 1)'],
    ['>=20 <23', '>=20 <23 (.nvmrc line 1)'],
    [utf16('20.1.0\r\n'), '20.1.0 (.nvmrc line 1)'],
    [utf16('# ours\n20\n').swap16(), '20 (.nvmrc line 2)'],
    ['system\n', ' ()'],
    ['# nothing\n', ' ()'],
    ['', ' ()'],
  ])('%j', async (content, said) => {
    expect(await first('node', 'nvmrc', { '.nvmrc': content })).toBe(said);
  });
});

describe('the tools of', () => {
  const TOOLS = 'nodejs system\nnodejs 20.1.0 18.0.0 # ours\npnpm\t9.1.0\r\npython 3.12\nbun ref:main\n';
  it.each([
    ['node', '20.1.0 (.tool-versions line 2)'],
    ['pnpm', '9.1.0 (.tool-versions line 3)'],
    ['yarn', ' ()'],
  ])('asdf: %s', async (tool, said) => {
    expect(await first(tool, 'tools', { '.tool-versions': TOOLS })).toBe(said);
    expect(await first(tool, 'tools', { '.tool-versions': utf16(TOOLS) })).toBe(said);
  });

  const MISE = `[env]\nA = """x\nnode = "1"\n"""\n[tools]\nnode = ["20", "18"]\n"npm:yarn" = { version = "4.1.0" }
"aqua:pnpm/pnpm" = "{{ env.PNPM }}"\nnpm = 10\n[tools.bun]\nversion = "1.2"\n`;
  it.each([
    ['node', '20 (mise.toml line 6)'],
    ['yarn', '4.1.0 (mise.toml line 7)'],
    ['npm', '10 (mise.toml line 9)'],
    ['bun', '1.2 (mise.toml line 11)'],
    ['pnpm', ' ()'],
  ])('mise: %s', async (tool, said) => {
    expect(await first(tool, 'tools', { 'mise.toml': MISE, '.tool-versions': '' })).toBe(said);
  });

  it('mise are not used if the file is broken, and the log says so', async () => {
    const said = await first('node', 'tools', { 'mise.toml': '[tools\n', '.tool-versions': 'node 20\n' });
    expect(said).toMatch(/^koalaci: mise.toml is not used: .*\n20 \(\.tool-versions line 1\)$/);
  });
});

describe('of several', () => {
  const PLACES = 'nvmrc tools volta engines';
  it.each([
    [
      'the place decides',
      { 'package.json': '{"volta":{"node":"18.1.0"}}', '.tool-versions': 'node 20' },
      '20 (.tool-versions line 1)',
    ],
    ['then what is nearest', { '.nvmrc': '18', 'apps/.nvmrc': '20' }, '20 (apps/.nvmrc line 1)'],
    [
      'words are no range',
      {
        'package.json': '{"engines":{"node":">=22"}}',
        'apps/site/package.json': '{"engines":{"node":"use-bun"}}',
      },
      '>=22 (package.json line 1)',
    ],
    [
      'names count',
      { 'package.json': '{\n"engines":\n{"npm":"lts/jod",\n"node":"lts/jod"}}' },
      'lts/jod (package.json line 4)',
    ],
  ])('%s', async (_, files, said) => {
    expect((await first('node', PLACES, files)).replace(/^.*No such file.*\n/m, '')).toBe(said);
  });
});

it.each([
  ['{"a"', /^package.json cannot be used: /],
  ['[]', /^package.json cannot be used: it is not an object$/],
])('a package.json with %s ends the step', async (content, said) => {
  expect(await first('node', 'engines', { 'package.json': content })).toMatch(said);
});
