// Makes the repository of an example, in a container of the builder image: its starter's code does not run on this machine, and the
// lockfile is of the package manager that installs from it.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { caArgs } from '../bench/ca.js';
import type { Example } from './example.js';

const LOCK = {
  npm: 'npm install --package-lock-only --ignore-scripts',
  pnpm: 'pnpm install --lockfile-only --ignore-scripts',
  bun: 'bun install --lockfile-only',
  // Berry updates the lockfile alone; classic cannot.
  yarn: `if [ -f .yarnrc.yml ]; then touch yarn.lock; /koala/tools/yarn-berry/default/shims/yarn install --mode=update-lockfile
    else yarn install --ignore-scripts --non-interactive; fi`,
  none: ':',
};

// Some starters leave one.
const WITHOUT_LOCKFILE = 'rm -f package-lock.json yarn.lock pnpm-lock.yaml bun.lock bun.lockb';

/** The commits that generate() makes. */
export const FIRST = 'first';
export const SECOND = 'second';

/** Makes the repository `repo` in a directory, with two commits: the project, and the same with its edit. */
export async function generate(example: Example, directory: string, image: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  for (const [path, text] of Object.entries({ ...example.files, ...setUp(example) })) {
    const at = join(directory, path.startsWith('/') ? path : join('files', path));
    await mkdir(dirname(at), { recursive: true });
    await writeFile(at, text);
  }
  const container = ['--rm', '--user', `${process.getuid?.()}:${process.getgid?.()}`, '--entrypoint', 'bash'];
  const environment = [
    'HOME=/tmp',
    'CI=1',
    'YARN_ENABLE_IMMUTABLE_INSTALLS=0',
    'GIT_CONFIG_GLOBAL=/out/gitconfig',
  ];
  await execa(
    'docker',
    [
      ...['run', ...container, ...caArgs, ...environment.flatMap((pair) => ['--env', pair])],
      ...[
        '--label',
        'koalaci.examples=1',
        '--volume',
        `${directory}:/out`,
        '--workdir',
        '/out',
        image,
        '/out/make.sh',
      ],
    ],
    { all: true, timeout: 600_000 },
  );
  return join(directory, 'app');
}

/** The files of the container itself. */
function setUp({ create, adapt, lock, manager, edit }: Example): Record<string, string> {
  const gitconfig = '[user]\n\tname = example\n\temail = example@localhost\n[init]\n\tdefaultBranch = main\n';
  const make = `set -Eeuo pipefail
${create ?? 'mkdir app'}
mkdir -p files
cp -r files/. app/
cd app
${adapt ?? ''}
${lock === 'none' ? WITHOUT_LOCKFILE : (lock ?? LOCK[manager])}
rm -rf node_modules .pnp.cjs .pnp.loader.mjs .yarn
git init -q
git add -A
git commit -qm first
git tag ${FIRST}
cat ../edit >>'${edit.path}'
git commit -qam second
git tag ${SECOND}
`;
  return { '/gitconfig': gitconfig, '/make.sh': make, '/edit': edit.add };
}
