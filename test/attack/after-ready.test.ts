// What a build leaves for those who read its files when its end is decided: no code of strangers runs then, and nobody waits for it.
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { builderWith, fileOfBuilder } from '../support/builder-image.js';
import { gone } from '../support/containers.js';
import { Koalaci } from '../support/koalaci.js';
import { project } from '../support/projects.js';
import { repoOf } from '../support/repo.js';
import { attack } from './attack.js';

/** A directory that stays for the next build: what runs after a build, and should not, leaves its name there. */
const KEPT = '/home/build/.cache/koalaci/metro-cache';
const EVIL = `#!/bin/sh
[ -e /tmp/armed ] && touch "${KEPT}/$(basename "$0")" /workspace/public/evil
exit 0
`;
const PYTHON = 'import os\nos.path.exists("/tmp/armed") and os.system("/workspace/evil-python")\n';

/** Plants something, and arms it as the last thing: it must not run from then on. */
const plant = (...commands: string[]) => `set -e; ${commands.join('\n')}\ntouch /tmp/armed`;

const PLANTED: [tried: string, commands: string[]][] = [
  [
    'git’s configuration in the home, which names a program',
    [
      'printf "[core]\\n\\tfsmonitor = /workspace/evil-home\\n" >~/.gitconfig; mkdir -p ~/.config/git; cp ~/.gitconfig ~/.config/git/config',
      'cp evil.sh evil-home; chmod 755 evil-home',
    ],
  ],
  [
    'the project’s own git configuration and hooks',
    [
      'cp evil.sh evil-config; chmod 755 evil-config; git config core.fsmonitor /workspace/evil-config',
      'git config filter.x.clean /workspace/evil-config; git config filter.x.smudge /workspace/evil-config; echo "* filter=x" >.gitattributes',
      'mkdir -p .git/hooks; for hook in post-index-change post-checkout reference-transaction; do cp evil.sh .git/hooks/$hook; chmod 755 .git/hooks/$hook; done',
    ],
  ],
  [
    'modules that Python loads at its start',
    [
      'cp evil.sh evil-python; chmod 755 evil-python',
      'for v in $(ls /usr/lib | grep -o "^python3\\.[0-9]*$"); do d=~/.local/lib/$v/site-packages; mkdir -p $d; cp evil.py $d/usercustomize.py; cp evil.py $d/sitecustomize.py; echo "import usercustomize" >$d/x.pth; done',
      'cp evil.py sitecustomize.py; ln -s /index.html public/link',
    ],
  ],
  [
    'files that shells, jq, node and curl read at their start',
    [
      'cp evil.sh evil-shell; chmod 755 evil-shell',
      'for f in .bashrc .bash_profile .profile .bash_env .npmrc .noderc .curlrc; do echo "/workspace/evil-shell" >~/$f; done',
      'echo "def map(f): error; def select(f): error;" >~/.jq',
    ],
  ],
  [
    'programs of the names of koalaci’s tools, in each place of a PATH',
    [
      'for d in ~/bin ~/.local/bin ~/.corepack/bin node_modules/.bin; do mkdir -p $d; for p in bash sh git jq tar find sort rm sed grep cat xargs python3 node; do cp evil.sh $d/$p; chmod 755 $d/$p; done; done',
    ],
  ],
];

describe('after the end is decided', () => {
  let koalaci: Koalaci;
  beforeAll(async () => {
    koalaci = await Koalaci.open();
  });
  afterAll(() => koalaci.close());

  /** Builds, and waits until the container has gone. Returns what the next build of the project prints, which starts from the first. */
  const thenNext = async (
    id: string,
    { command, next, files = {} }: { command: string; next: string; files?: Record<string, string> },
    env: Record<string, string> = {},
  ) => {
    const own = project(id);
    const repo = await repoOf('static', { 'evil.sh': EVIL, 'evil.py': PYTHON, ...files });
    const first = await koalaci.build(repo, { id: `${id}-1`, project: own, command }, [], env);
    expect(first.exitCode, first.stdout + first.stderr).toBe(0);
    await gone(`${id}-1`);
    const second = await koalaci.build(repo, { id: `${id}-2`, project: own, command: next }, [], env);
    expect(second.exitCode, second.stdout + second.stderr).toBe(0);
    expect(second.stdout + second.stderr).not.toContain('once more from nothing');
    return second;
  };

  for (const [at, [tried, commands]] of PLANTED.entries()) {
    attack(
      `a build leaves ${tried}`,
      async () => {
        // By its path: one that was planted may stand before it.
        const seen = `ls -A ${KEPT} | /bin/sed 's/^/ran: /'; ls public`;
        const { stdout } = await thenNext(`planted-${at}`, { command: plant(...commands), next: seen });
        expect(stdout).toContain('index.html');
        expect(stdout).not.toMatch(/ran: |^evil$/m);
      },
      { short: at === 0 },
    );
  }

  attack('a build leaves pipes that nobody writes to where tools read files', async () => {
    const command = `set -e; rm -rf .git/config .git/HEAD
      mkfifo ~/.jq ~/.gitconfig .gitattributes .gitignore .lfsconfig .git/config .git/HEAD public/pipe x.tsbuildinfo /tmp/pipe
      ln -s /tmp/pipe y.tsbuildinfo; ln -s /tmp/pipe .gitmodules; mkdir -p ~/.npm ~/.cache; mkfifo ~/.npm/_cacache ~/.cache/yarn ~/.bash_env
      rm public/index.html; echo made >public/made; rm index.html 2>/dev/null || true`;
    const { stderr } = await thenNext('pipes', { command, next: 'ls -A; ls -A public' });
    expect(stderr).toContain('warm');
  });

  attack('a build makes a pipe of git’s index', async () => {
    const command = 'rm -f .git/index; mkfifo .git/index';
    await thenNext('index', { command, next: 'git status --short' });
  });

  attack('a build adds what it wants kept to the project’s manifest', async () => {
    const files = { 'package.json': '{"name":"x"}', 'pnpm-workspace.yaml': '' };
    const command = `set -e; mkdir kept; echo planted >kept/planted
      echo '{"name":"x","koalaci":{"cache":["kept"]},"dependencies":{"next":"1"}}' >package.json; git add package.json
      mkdir -p .next/cache/x; echo planted >.next/cache/x/planted`;
    const { stdout } = await thenNext('manifest', {
      command,
      files,
      next: 'ls -A . .next 2>/dev/null || true; cat package.json',
    });
    expect(stdout).toContain('{"name":"x"}');
    expect(stdout).not.toMatch(/kept|\.next/);
  });

  attack('a build takes its home from the next build', async () => {
    const command = 'mkdir -p ~/.npm/_cacache/x ~/.cache/yarn; chmod 000 ~/.npm/_cacache/x ~/.cache ~/.npm ~';
    await thenNext('home', {
      command,
      next: 'set -e; touch ~/x ~/.npm/x ~/.npm/_cacache/x/y ~/.cache/x; ls ~',
    });
  });

  attack('a build takes the workspace from the next build', async () => {
    const command = 'mkdir -p locked/in; chmod 000 locked/in locked; chmod 555 public; chmod 111 .git';
    await thenNext('workspace', { command, next: 'touch x public/x; git status --short; [ ! -e locked ]' });
  });

  attack('a build writes into the download caches of package managers', async () => {
    const command = `set -e; cd ~; for d in .npm/_cacache/content-v2/sha512/aa .cache/yarn/v6/npm-x-1 .bun/install/cache/x@1 .yarn/berry/cache .local/share/pnpm/store/v10/files/aa
      do mkdir -p $d; echo poison >$d/poison; done; ln -s /workspace .cache/yarn/v7`;
    const next = 'find ~ -name poison -o -type l -path "*/yarn/*"; true';
    const { stdout } = await thenNext('downloads', { command, next });
    expect(stdout).not.toMatch(/\/home\/build/);
  });

  attack('a build names a download cache so that the list of what stays has a line more', async () => {
    const command = `set -e; mkdir -p ~/.cache/pnpm/$'metadata\\n.corepack' ~/.cache/pnpm/$'metadata\\n.npmrc' ~/.corepack/bin
      cp evil.sh ~/.corepack/bin/node; chmod 755 ~/.corepack/bin/node; echo planted >~/.npmrc`;
    const next =
      'cat ~/.npmrc 2>/dev/null || echo none; ls ~/.corepack/bin 2>/dev/null || true; command -v node';
    const { stdout } = await thenNext('names', { command, next });
    expect(stdout).toMatch(/^none$/m);
    expect(stdout).not.toMatch(/planted|corepack/);
  });

  attack('a build makes the work after its end last', async () => {
    const path = '/koala/steps/settle.sh';
    const text = (await fileOfBuilder(path)).replace(/MOST_SECONDS=\d+/, 'MOST_SECONDS=1');
    const slow = text.replace('settle::all() {', 'settle::all() { cat /tmp/pipe;');
    expect(slow).toMatch(/MOST_SECONDS=1\n[\s\S]*cat \/tmp\/pipe/);
    const image = await builderWith({ [path]: slow });
    const env = { KOALACI_IMAGE: image };
    const command = 'mkfifo /tmp/pipe; echo left >left';
    const { stderr } = await thenNext('slow', { command, next: '[ ! -e left ]; : >/tmp/pipe' }, env);
    expect(stderr).not.toContain('warm');
  });
});
