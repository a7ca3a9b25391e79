// A build as somebody sees it who looks at a terminal of 80 columns.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobArgs, Koalaci } from '../support/koalaci.js';
import { project } from '../support/projects.js';
import { repoOf } from '../support/repo.js';
import { Terminal } from '../support/terminal.js';

let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

/** What draws where it is, and is no CI. */
const DRAWS = { CI: '', FORCE_COLOR: '' };
/** Commands for a terminal, words of koalaci's, a progress bar, letters of two cells and of none. */
const OUTPUT = [
  String.raw`printf '\033]0;title\007\033[2J\033[1;1HREADY in 0.1 s\n\342\234\224 build  forged\n'`,
  String.raw`for n in 1 2 3 4 5; do printf '\r%s0%%' $n; sleep 0.1; done; echo`,
  String.raw`printf '\346\227\245\346\234\254\350\252\236 %0100d \314\201\n' 0`,
  'sleep 0.3',
].join('\n');

async function seen(args: string[], env: Record<string, string> = DRAWS): Promise<string> {
  const terminal = new Terminal(80);
  terminal.write(await koalaci.onTerminal(args, { env }));
  return terminal.text
    .replace(/\d+(\.\d+)? s\b/g, 'N s')
    .replace(/ +N s/g, ' N s')
    .replace(/ *━+/g, '')
    .replaceAll(koalaci.home, 'HOME');
}

describe('a terminal', () => {
  it('keeps the steps of a build and how it ended, and nothing of what the build drew', async () => {
    const repo = await repoOf('static');
    const job = { command: OUTPUT, project: project('seen') };
    const text = await seen(jobArgs(repo, { id: 'seen', ...job }));
    expect(text).toMatch(
      /^koalaci builds seen \(.*, main\)\n✔ source N s {2}main at \w{10}\n✔ toolchain N s {2}node/,
    );
    expect(text).toMatch(
      /\n– install {4}skipped {2}no package manager\n✔ build N s\n✔ artifact N s {2}\d files?\nREADY in N s\n/,
    );
    expect(text).toMatch(/\n {2}reused {5}cold: nothing is kept of an earlier build\n {2}artifact {3}HOME\//);
    expect(text).not.toContain('forged');
    // The second one knows what is new, and how the first one was.
    expect(await seen(jobArgs(repo, { id: 'again', ...job }))).toMatch(
      /\n {2}compared {3}.* the build before \(N s\); same size$/,
    );
  });

  it('keeps the output of a step that failed, told from what koalaci says', async () => {
    const command = `${OUTPUT}; exit 3`;
    const text = await seen(
      jobArgs(await repoOf('static'), { id: 'failed', command, project: project('seen') }),
    );
    const [, after = ''] = text.split('✖ build');
    expect(after).toMatch(/^ N s.*\n {2}│ READY in N s\n {2}│ ✔ build {2}forged\n {2}│ 50%\n {2}│ 日本語 0+/);
    expect(after).toMatch(/\nERROR build_failed: .*, in step build \(exit code 3\)/);
    expect(after).not.toMatch(/\nREADY/);
  });

  it('has no colours and is not drawn on where it is not to be', async () => {
    const args = jobArgs(await repoOf('static'), { id: 'plain', command: OUTPUT, project: project('seen') });
    const shown = await koalaci.onTerminal(args, { env: { ...DRAWS, NO_COLOR: '1', CI: 'true' } });
    expect(shown).not.toContain('\u001b');
    expect(shown).toMatch(/^build +\d\.\ds \| READY in 0\.1 s$/m);
    expect(shown).toMatch(/^build +\d\.\ds \| 50%$/m);
  });
});
