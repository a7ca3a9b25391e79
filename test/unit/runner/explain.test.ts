// The words of real tools: test/fixtures/last-words has what each printed last, and with which exit code.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Step } from '../../../src/job/status.js';
import { explain } from '../../../src/runner/explain.js';
import type { Explanation } from '../../../src/runner/explanations/explanation.js';
import { omission } from '../../../src/runner/explanations/omission.js';

const LAST_WORDS = join(import.meta.dirname, '../../fixtures/last-words');

/** What a tool printed in a situation: "### npm@11 refused exit=1" is above it. */
interface Said {
  tool: string;
  situation: string;
  exitCode: number;
  output: string;
}

function saidOf(file: string): Said[] {
  const parts = readFileSync(join(LAST_WORDS, `${file}.txt`), 'utf8').split(/^### /m);
  return parts.slice(1).map((part) => {
    const [, tool = '', situation = tool, code, output = ''] =
      /^(\S+)(?: (\S+))? exit=(\d+)\n([\s\S]*)$/.exec(part) ?? [];
    return { tool, situation, exitCode: Number(code), output };
  });
}

const words = (said: Omit<Said, 'tool' | 'situation'>, step: Step, files: string[] = []) => {
  const { message, remedy }: Partial<Explanation> = explain({ step, files, ...said });
  return message === undefined ? 'nothing' : `${message}\n${remedy}`;
};

const SCRIPT = /Error: could not reach the database: connect ECONNREFUSED 127\.0\.0\.1:5432\n/;
const INSTALL: Record<string, RegExp> = {
  'not-found-scoped': /^the registry 127\.0\.0\.1:4873 does not have @acme\/thing@1\.1\.0\n/,
  'no-version-fresh': /^the (?:package registry|registry 127\.0\.0\.1:4873) does not have thing@\^9\.0\.0\n/,
  'no-version': /does not have thing@\^1\.1\.0\n/,
  unauthorized: /refuses access(?: to @acme\/thing@1\.1\.0)? \(401\)\n.*NPM_TOKEN/,
  forbidden:
    /^the registry 127\.0\.0\.1:4873 refuses access to @acme\/thing@1\.1\.0 \(403\)\n.*NPM_TOKEN.*127\.0\.0\.1:4873/,
  'server-error': /^the registry 127\.0\.0\.1:4873 answered 500 when asked for thing@1\.1\.0\n/,
  tampered: /^(?:thing\S*|a package) is not what the lockfile says.*\nA proxy/,
  refused: /^the (?:package registry|registry 127\.0\.0\.1:4875) cannot be reached \(\w/,
  'no-host': /^the (?:package registry|registry registry\.invalid) cannot be reached \(\w/,
  untrusted:
    /^the certificate of the (?:package registry|registry 127\.0\.0\.1:4874) is not trusted\n.*KOALACI_EXTRA_CA_CERTS/,
  'dependency-script': new RegExp(`^the (?:post)?install script of script-fails failed: ${SCRIPT.source}`),
  'dependency-absent': /^the install script of script-absent failed: no-such-program is not installed\n/,
  'own-script': new RegExp(`^the project's own (?:post)?install script failed: ${SCRIPT.source}`),
  'own-throws': /^the project's own (?:post)?install script failed: Error: disk quota\n/,
  'own-absent': /^the project's own (?:post)?install script failed: no-such-program is not installed\n/,
  'own-prepare': /^the project's own (?:prepare|install) script failed: no-such-program is not installed\n/,
  'out-of-step':
    /^(?:package-lock\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock) is out of step with package\.json\n/,
  'lockfile-newer': /^this version of pnpm does not read the pnpm-lock\.yaml.*\n.*packageManager/,
  'git-dependency':
    /^a dependency from git cannot be fetched: \S+127\.0\.0\.1:1\/acme\/x\.git \(ssh: connect/,
  'git-not-approved':
    /^this version of yarn fetches no dependency from ssh:\/\/git@127\.0\.0\.1:1\/acme\/x\.git: .*\n.*approvedGitRepositories/,
  'gyp-compile':
    /^the native code of script-gyp does not compile with Node 22\.23\.3: .*nan\.h.*\n.*node_version/,
  'gyp-python': /^the native code of script-gyp .*no Python\n/,
  engine: /^node-releases@2\.0\.65 needs Node >=18, and this build has 16\.20\.2\n/,
  'gyp-make': /^the native code of script-gyp .*no make\n/,
};
const BUILD: Record<string, RegExp> = {
  'missing-script': /^package\.json has no such script: biuld\n/,
  'run-absent': /^vitex is not installed\n/,
  'run-absent-nested': /^vitex is not installed\n/,
  'run-workspace': /^vitex is not installed\n/,
  'run-fails': /^the build cannot reach a server: ECONNREFUSED 127\.0\.0\.1:5432\n/,
  'run-throws': /^nothing$/,
  'run-not-executable': /^\.\/b\.sh is not executable\n.*--chmod=\+x b\.sh/,
  'run-crlf-bash': /^\.\/b\.sh cannot be started: .*\n.*eol=lf/,
  'run-crlf-env': /has line ends of Windows.*\n.*eol=lf/,
  'run-crlf-inside': /^b\.sh has line ends of Windows/,
  'exec-absent': /no such script: vitex\n|does not have vitex\n|certificate/,
};

describe.each(['npm', 'yarn', 'pnpm', 'bun'])('%s', (file) => {
  const said = saidOf(file);
  const rows = (table: Record<string, RegExp>) =>
    said
      .filter(({ situation }) => situation in table)
      .map((one) => ({ ...one, says: table[one.situation] as RegExp }));

  it('is read in every situation that there is', () => {
    expect(said.length).toBeGreaterThan(20);
    expect(said.filter(({ situation }) => !(situation in INSTALL) && !(situation in BUILD))).toEqual([]);
  });

  it.each(rows(INSTALL))('$tool, install: $situation', ({ says, ...one }) => {
    expect(words(one, 'install')).toMatch(says);
  });

  it.each(rows(BUILD))('$tool, build: $situation', ({ says, ...one }) => {
    expect(words(one, 'build', ['b.sh'])).toMatch(says);
  });
});

const HEADER =
  /^there is no \.?\/\S*header(?:\.js)?, but a src\/components\/Header\.js: upper and lower case differ\n/;
const PROGRAMS: Record<string, RegExp> = {
  ...Object.fromEntries(
    ['webpack', 'vite', 'node', 'esm', 'rollup', 'esbuild', 'tsc'].map((tool) => [tool, HEADER]),
  ),
  heap: /heap memory\n.*max-old-space-size/,
  'webpack-4': /too old for this Node.*\n.*node_version/,
};

for (const tool of [
  'rollup-platform',
  'esbuild-platform',
  'lightningcss',
  'sharp',
  '@swc/core',
  '@tailwindcss/oxide',
  'rolldown',
])
  PROGRAMS[tool] = /^the lockfile lacks packages of this platform: \S.*\n.*lockfile|node_modules/;
for (const tool of ['turbo', 'concurrently', 'run-s']) PROGRAMS[tool] = /^vitex is not installed\n/;
for (const tool of ['enospc', 'enospc-bash', 'enospc-cp']) PROGRAMS[tool] = /^the disk is full\n/;

describe('programs of a build', () => {
  const files = [
    'src/index.js',
    'src/c.js',
    'src/esm.mjs',
    'src/t.ts',
    'src/components/Header.js',
    'other/header.md',
  ];

  it.each(saidOf('programs'))('$tool', ({ tool, ...one }) => {
    expect(PROGRAMS).toHaveProperty([tool]);
    expect(words(one, 'build', files)).toMatch(PROGRAMS[tool] as RegExp);
  });

  it('takes no file of another directory for the one that is missing', () => {
    const [node] = saidOf('programs').filter(({ tool }) => tool === 'node');
    for (const files of [
      ['src/c.js', 'src/Header.js', 'lib/components/Header.js'],
      ['src/c.js', 'src/components/header.js'],
    ])
      expect(words(node as Said, 'build', files)).toMatch(
        /^there is no \.\/components\/header, which src\/c\.js imports\n/,
      );
  });

  it('finds a file behind an alias', () => {
    const output =
      'Error: [vite]: Rollup failed to resolve import "@/views/Home.vue" from "/workspace/src/main.js".';
    expect(words({ output, exitCode: 1 }, 'build', ['web/src/views/home.vue'])).toMatch(
      /but a web\/src\/views\/home\.vue/,
    );
  });
});

const TSC = "src/app.ts(3,7): error TS2322: Type 'string' is not assignable to type 'number'.";
const UNCAUGHT = `/workspace/s.js:1\nthrow new Error('disk quota')\n^\n\nError: disk quota\n    at Object.<anonymous> (/workspace/s.js:1:7)\n\nNode.js v22.23.3`;

describe('words that are not those of the tool that failed explain nothing:', () => {
  it.each([
    ['fuser: command not found, no port was freed', TSC, 2],
    ['bash: line 1: fuser: command not found', TSC, 2],
    ['sh: 1: fuser: not found', UNCAUGHT, 1],
    ['note: Missing script tag in index.html', 'TypeError: x is not a function', 1],
    ['npm error Missing script: "lint"', UNCAUGHT, 1],
    ['error: Script not found "lint"', TSC, 2],
    [' ERR_PNPM_NO_SCRIPT  Missing script: lint', UNCAUGHT, 1],
    ['npm error code E404\nnpm error 404 Not Found - GET https://registry.npmjs.org/x - Not found', TSC, 2],
    ['writing dev certificate to certs/local.pem: self-signed certificate', UNCAUGHT, 1],
    ['connect ECONNREFUSED 127.0.0.1:6379: no cache', TSC, 2],
    ['warning: ENOSPC: no space left on device, using memory', UNCAUGHT, 1],
    ['Error: ENOSPC: no space left on device, write', TSC, 2],
    ["Error: Cannot find module '@rollup/rollup-linux-x64-gnu'", TSC, 2],
    [' ERROR  Cannot start: connect ECONNREFUSED 127.0.0.1:3000', 'the server is gone', 1],
    ['Error: ENOSPC: System limit for number of file watchers reached', 'the server is gone', 1],
    ['./deploy.sh: line 3: ./x: Permission denied', TSC, 2],
    ["./env.sh: line 1: $'\\r': command not found", TSC, 2],
    ['FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory', UNCAUGHT, 1],
    ['error Your lockfile needs to be updated, but yarn was run with `--frozen-lockfile`.', TSC, 1],
    ['➤ YN0028: The lockfile would have been modified by this install', TSC, 1],
    ['error: lockfile had changes, but lockfile is frozen', TSC, 1],
  ])('%s', (foreign, own, exitCode) => {
    const wrappers = [
      '',
      '\n ELIFECYCLE  Command failed with exit code 1.',
      `\nerror: script "build" exited with code ${exitCode}`,
    ];
    for (const wrapper of wrappers) {
      const output = `> site@1.0.0 build\n> node s.js\n\n${foreign}\n${own}${wrapper}\n`;
      expect(words({ output, exitCode }, 'build')).toMatch(
        own === TSC ? /^TypeScript finds errors/ : /^nothing$/,
      );
      expect(words({ output, exitCode }, 'install')).not.toMatch(
        /registry|certificate|installed|disk is|script:/,
      );
    }
  });

  it('a step explains only its own tools', () => {
    const output = 'fatal: unable to access: Could not resolve host: nowhere.invalid';
    for (const step of ['source', 'install', 'artifact'] as const)
      expect(explain({ step, output, exitCode: 1 })).toEqual({ extract: [output] });
  });
});

it.each([
  ['bash: line 1: vitee: command not found', 127, /^vitee is not installed\n/],
  ['bash: line 1: ./build.sh: No such file or directory', 127, /^there is no \.\/build\.sh\n/],
  ['bash: line 1: ./Run.sh: No such file or directory', 127, /^there is no \.\/Run\.sh, but a run\.sh\n/],
  ['bash: line 1: ./run.sh: Permission denied', 126, /^\.\/run\.sh is not executable\n/],
  [
    'bash: line 1: ./run.sh: /bin/bash^M: bad interpreter: No such file or directory',
    126,
    /line ends of Windows/,
  ],
  ['./run.sh: line 7: hugo: command not found', 127, /^hugo is not installed\n/],
  ["/usr/bin/env: 'python2': No such file or directory", 127, /^python2 is not installed\n/],
])('explains what a shell cannot start: %s', (output, exitCode, says) => {
  expect(words({ output, exitCode }, 'build', ['run.sh'])).toMatch(says);
});

it('names the last error of what an install script has run', () => {
  const inner =
    'npm error Missing script: "generate"\nnpm error\nnpm error To see a list of scripts, run:\nnpm error   npm run\n';
  const output = `$ npm run generate\n${inner}error Command failed with exit code 1.\ninfo Visit https://yarnpkg.com/en/docs/cli/install for documentation about this command.\n`;
  expect(words({ output, exitCode: 1 }, 'install')).toMatch(
    /^the project's own install script failed: npm error Missing script: "generate"\n/,
  );
});

it('says that a variable has devDependencies left out', () => {
  const failure = { step: 'build', output: 'sh: 1: vite: not found\n', exitCode: 127 } as const;
  const told = explain({ ...failure, omits: 'NPM_CONFIG_OMIT' });
  expect(told).toMatchObject({ remedy: expect.stringMatching(/^NPM_CONFIG_OMIT in env /) });
});

it.each([
  [{ NPM_CONFIG_OMIT: 'dev' }, 'NPM_CONFIG_OMIT'],
  [{ A: 'dev', npm_config_production: 'true' }, 'npm_config_production'],
  [{ YARN_PRODUCTION: '1' }, 'YARN_PRODUCTION'],
  [{ NODE_ENV: 'production', npm_config_omit: 'optional', YARN_PRODUCTION: 'false' }, undefined],
])('knows which variable of %j leaves devDependencies out', (env, name) => {
  expect(omission(env as Record<string, string>)).toBe(name);
});
