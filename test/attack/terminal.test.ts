// What a build prints, and what it calls things, tries to command the terminal of who looks at it.
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { jobArgs, Koalaci } from '../support/koalaci.js';
import { project } from '../support/projects.js';
import { git, repoOf } from '../support/repo.js';
import { attack } from './attack.js';

/** Printed by a build: titles, clipboard, links, questions that terminals answer, movement, controls of 8 bits. */
const EVIL = [
  '\\033]0;evil-title\\007',
  '\\033]52;c;ZXZpbA==\\033\\\\',
  '\\033]8;;http://evil.example\\033\\\\link\\033]8;;\\007',
  '\\033[2J\\033[1;1H\\033[?1049h\\033[6n\\033[c',
  '\\033P+q544e\\033\\\\',
  '\\302\\23331m\\302\\2352;evil-c1\\302\\234',
  '\\033c\\016\\005\\007',
].join('');
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

/** All but text, line ends, tabs, carriage returns and colours. */
function commandsIn(shown: string): string[] {
  const text = shown.replace(/\x1b\[[0-9;:]*m/g, '');
  return text.match(/[^\P{Cc}\n\r\t]|[\u202a-\u202e\u2066-\u2069]/gu) ?? [];
}

const every = async (id: string) => [
  await koalaci.onTerminal(['logs', id]),
  await koalaci.onTerminal(['logs', id, '-f', '--timestamps']),
  await koalaci.onTerminal(['logs', id, '--json']),
  await koalaci.onTerminal(['status', id]),
  await koalaci.onTerminal(['status', id, '--json']),
  await koalaci.onTerminal(['list']),
  await koalaci.onTerminal(['list', '--json']),
  await koalaci.onTerminal(['cache', 'ls']),
];

describe('a terminal', () => {
  attack(
    'a build prints commands for it, also cut in the middle',
    async () => {
      const half =
        "printf '\\033[2'; printf 'J\\033]0;evil'; printf 'title\\007'; printf '\\302'; printf '\\2332J'";
      const command = `printf '${EVIL}'; ${half}; printf '\\033[1;31mred\\033[8m\\n'`;
      const shown = await koalaci.onTerminal(jobArgs(await repoOf('static'), { id: 'evil', command }));
      expect(shown).toContain('READY');
      expect(shown).toContain('\x1b[1;31mred');
      expect(commandsIn(shown)).toEqual([]);
      // What koalaci says after it is not hidden by the build's colour.
      expect(shown.slice(shown.indexOf('\x1b[8m'))).toMatch(/^\x1b\[8m\s*\x1b\[0m/);
      for (const one of await every('evil')) expect(commandsIn(one)).toEqual([]);
      // A file gets what was printed, to the byte.
      const { stdout } = await koalaci.run(['logs', 'evil', '--raw']);
      expect(stdout).toContain('\x1b]0;evil-title\x07');
    },
    { short: true },
  );

  attack('what a build fails with has commands in it', async () => {
    for (const [id, command] of [
      ['missing', `no-such-\u009b2J-command`],
      ['error', `node -e 'throw new Error("\\x1b]0;evil\\x07\\x9b2J")'`],
      ['script', `npm run "$(printf '\\033]0;evil\\007')"`],
    ] as const) {
      const shown = await koalaci.onTerminal(jobArgs(await repoOf('static'), { id, command }));
      expect(shown).toContain('ERROR');
      expect(commandsIn(shown)).toEqual([]);
      for (const args of [['status', id], ['logs', id], ['list']])
        expect(commandsIn(await koalaci.onTerminal(args))).toEqual([]);
    }
  });

  attack('a branch, a file and an address have commands in their names', async () => {
    const repo = await repoOf('static');
    const branch = 'b\u009b2J\u202ex';
    await git(repo, 'branch', branch);
    const command = `cd public && ln -s /etc/passwd "$(printf 'l\\033]0;evil\\007\\nkoalaci: forged')"`;
    const shown = await koalaci.onTerminal(
      jobArgs(repo, { id: 'named', branch, command, project: project('named') }),
    );
    expect(shown).toContain('READY');
    expect(commandsIn(shown)).toEqual([]);
    expect(shown).not.toMatch(/^koalaci: forged/m);
    for (const one of await every('named')) expect(commandsIn(one)).toEqual([]);
    const nowhere = await koalaci.onTerminal(['status', 'x\x1b]0;evil\x07\u202e']);
    expect(commandsIn(nowhere)).toEqual([]);
    const rm = await koalaci.onTerminal(['cache', 'rm', 'x\u009b2J']);
    expect(commandsIn(rm)).toEqual([]);
  });
});
