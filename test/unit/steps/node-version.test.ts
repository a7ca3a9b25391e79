import { join } from 'node:path';
import { expect, it } from 'vitest';
import { callSteps, STEPS, workspaceOf } from '../../support/steps.js';

const ALIASES = ['node-aliases.sh'];
const IMAGE = '20.20.2 Iron\n22.23.3 Jod\n24.21.0 Krypton\n25.1.0 \n';

it('takes the LTS lines from the Nodes of the image, the newest of which is lts/*', async () => {
  const said = await callSteps(ALIASES, 'node-aliases::derive', { input: IMAGE });
  expect(said).toEqual({
    exitCode: 0,
    stdout: 'lts/iron 20\nlts/jod 22\nlts/krypton 24\nlts/* 24\nlts 24',
  });
});

it('knows no lts/* where no Node is one', async () => {
  expect(await callSteps(ALIASES, 'node-aliases::derive', { input: '25.1.0 \n' })).toEqual({
    exitCode: 0,
    stdout: '',
  });
});

it.each([
  ['lts/*', '24'],
  ['lts', '24'],
  ['lts/iron', '20'],
  ['lts/hydrogen', '18'],
  ['lts/argon', '4'],
  ['node', 'latest'],
  ['current', 'latest'],
  ['stable', 'latest'],
  ['22', '22'],
  ['^20.1', '^20.1'],
  ['lts/-1', '22'],
  ['lts/-2', '20'],
  ['LTS/Iron', '20'],
  ['lts-iron', '20'],
  ['lts-latest', '24'],
  ['node-v20.1.0', '20.1.0'],
  ['v20', 'v20'],
  ['latest:20', '20'],
  ['iojs', 'iojs'],
  ['lts/nonsense', 'lts/nonsense'],
  ['lts/Nonsense', 'lts/Nonsense'],
  ['#', '#'],
  ['', ''],
])('an .nvmrc with "%s" asks for %s', async (word, version) => {
  const at = await workspaceOf({ aliases: 'lts/iron 20\nlts/* 24\nlts 24\n' });
  const script = 'node-aliases::resolve "$1" aliases "$2"; echo "$REPLY"';
  const said = await callSteps(ALIASES, script, { words: [word, join(STEPS, 'node-aliases.txt')], at });
  expect(said).toEqual({ exitCode: 0, stdout: version });
});
