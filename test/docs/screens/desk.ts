// Where screens are made: a home, a data directory and a Redis of their own, and a terminal of 80 columns to type at.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { isKeptName } from '../../../src/docker/names.js';
import { docker } from '../../support/docker.js';
import { Terminal } from '../../support/terminal.js';
import { until } from '../../support/until.js';
import { stable } from './stable.js';

const ROOT = process.cwd();
const [COLUMNS, ROWS] = [80, 40];
/** When the commits were made: the same time makes the same ids. */
const COMMITTED = '2026-01-31T12:00:00Z';
const LONGEST = 180_000;
/** Commands of shells that a screen in Markdown has no use for, such as "what follows was pasted". */
const UNSEEN = /\x1b\[\?(?!7[hl])\d+[hl]|\x1b\][^\x07]*\x07/g;

/** What somebody types while a command runs: when the screen ends like this, these letters. */
export type Typed = [when: RegExp, letters: string];
type Files = Record<string, string>;

export class Desk {
  readonly home: string;
  readonly data: string;
  /** Of the service. */
  readonly port = '8099';
  readonly digits = new Map<string, string>();
  /** More variables of the shell. */
  env: Files = {};
  #daemon: ReturnType<typeof daemon> | undefined;
  readonly #repositories = new Set<string>();

  private constructor(home: string, data: string) {
    this.home = home;
    this.data = data;
  }

  static async open(): Promise<Desk> {
    // As long as the paths that guides show: see stable.ts.
    const desk = new Desk(await mkdtemp('/tmp/'), await mkdtemp('/tmp/k'));
    await mkdir(join(desk.home, '.bin'));
    await symlink(join(ROOT, 'bin/koalaci.js'), join(desk.home, '.bin/koalaci'));
    return desk;
  }

  /** Removes all of it, on the engine, too. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#daemon?.kill();
    await this.#daemon;
    await this.saved();
    const ours = ['--quiet', '--filter', await this.#label()];
    await remove('image rm --force', await docker('image', 'ls', ...ours));
    await remove('rm --force', await docker('ps', '--all', ...ours));
    await rm(this.home, { recursive: true, force: true });
    await rm(this.data, { recursive: true, force: true });
  }

  /** Waits until nothing of a build is being saved any more. */
  async saved(): Promise<void> {
    const builds = [
      '--filter',
      await this.#label(),
      '--filter',
      'label=koalaci.job',
      '--format',
      '{{.Names}}',
    ];
    const names = async () => (await docker('ps', '--all', ...builds)).split('\n').filter(Boolean);
    await until(async () => (await names()).every(isKeptName));
  }

  /** That of all that the engine has of this desk's: its Redis has it, too. */
  async #label(): Promise<string> {
    const redis = ['--all', '--filter', `volume=${join(this.data, 'redis')}`];
    const [id = ''] = (await docker('ps', ...redis, '--format', '{{.Label "koalaci.installation"}}')).split(
      '\n',
    );
    return `label=koalaci.installation=${id || 'none'}`;
  }

  /** Makes a repository in the home, if it is not there. */
  async repository(name: string, files: Files): Promise<void> {
    if (this.#repositories.has(name)) return;
    this.#repositories.add(name);
    await mkdir(join(this.home, name));
    await this.#git(name, 'init', '--quiet', '--initial-branch', 'main');
    await this.commit(name, { '.gitignore': 'node_modules\ndist\n*.tar.gz\n', ...files });
  }

  /** Commits files, and what is not committed. */
  async commit(name: string, files: Files): Promise<void> {
    await this.write(name, files);
    await this.#git(name, 'add', '--all');
    await this.#git(name, 'commit', '--quiet', '--message', 'The site');
  }

  #git(name: string, ...args: string[]) {
    return execa('git', args, { cwd: join(this.home, name), env: gitEnv() });
  }

  /** Writes files into a directory of the home. */
  async write(directory: string, files: Files): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      const file = join(this.home, directory, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  }

  /** Has koalaci serve run, from now on. */
  async serve(): Promise<void> {
    if (this.#daemon) return;
    const env = { ...this.#env(), KOALACI_ALLOW_LOCAL_SOURCES: '1' };
    const args = [
      join(ROOT, 'bin/koalaci.js'),
      'serve',
      '--port',
      this.port,
      '--drain',
      '1s',
      '--concurrency',
      '2',
    ];
    this.#daemon = daemon(args, env);
    await until(() =>
      fetch(`http://127.0.0.1:${this.port}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
  }

  /** Builds a repository unseen. Returns the id of the deployment, as it is. */
  async build(name: string, flags = ''): Promise<string> {
    const log = await this.raw(name, `koalaci run . ${flags}`);
    return /^koalaci builds (\S+)/m.exec(log)?.[1] ?? '';
  }

  /** What a command prints where there is no terminal. */
  async raw(directory: string, line: string): Promise<string> {
    const shell = {
      cwd: join(this.home, directory),
      reject: false,
      extendEnv: false,
      env: this.#env(),
      all: true,
    } as const;
    return (await execa('bash', ['-c', line], shell)).all;
  }

  /** Types lines in a directory of the home, one after the other. Returns what stands on the screen then. */
  async type(directory: string, ...lines: string[]): Promise<string> {
    const screens: string[] = [];
    for (const line of lines)
      screens.push(`$ ${stable(line, this)}\n${await this.typed(directory, line)}`.trimEnd());
    return screens.join('\n');
  }

  /** Types a line, and more while it runs. Returns what stands below the line then. */
  async typed(directory: string, line: string, more: Typed[] = []): Promise<string> {
    const terminal = new Terminal(COLUMNS);
    const script = `stty cols ${COLUMNS} rows ${ROWS}; cd ${join(this.home, directory)}; ${line}`;
    const shell = execa('script', ['--quiet', '--return', '--command', script, '/dev/null'], {
      ...{ reject: false, extendEnv: false, env: this.#env(), timeout: LONGEST },
      ...(more.length === 0 ? { stdin: 'ignore' as const } : {}),
    });
    const waiting = [...more];
    for await (const chunk of shell.stdout.setEncoding('utf8')) {
      terminal.write(String(chunk).replace(UNSEEN, '').replaceAll('\t', '  '));
      const [when, letters] = waiting[0] ?? [];
      if (!when?.test(terminal.text)) continue;
      waiting.shift();
      shell.stdin?.write(letters);
    }
    if ((await shell).timedOut) throw new Error(`${line}: has not ended; the screen is\n${terminal.text}`);
    return stable(terminal.text, this);
  }

  /** A screen with … for what stands between the line that was typed and the one that begins so. */
  ended(screen: string, begins: string): string {
    const lines = screen.split('\n');
    return [lines[0], '…', ...lines.slice(lines.findIndex((line) => line.startsWith(begins)))].join('\n');
  }

  #env(): Record<string, string> {
    const { PATH = '', NODE_EXTRA_CA_CERTS = '', KOALACI_IMAGE = '' } = process.env;
    return {
      ...{ HOME: this.home, USER: 'koala', TERM: 'xterm', LANG: 'C.UTF-8', SHELL: '/bin/bash', TZ: 'UTC' },
      ...{ PATH: `${join(this.home, '.bin')}:${PATH}`, KOALACI_HOME: this.data, KOALACI_STANDBY: 'off' },
      ...{ NODE_EXTRA_CA_CERTS, KOALACI_IMAGE, ...gitEnv(), ...this.env },
    };
  }
}

function daemon(args: string[], env: Files) {
  return execa(process.execPath, args, { reject: false, extendEnv: false, env });
}

/** Removes what the engine has listed, if that is anything. */
async function remove(command: string, listed: string): Promise<void> {
  const ids = [...new Set(listed.split('\n').filter(Boolean))];
  if (ids.length > 0) await docker(...command.split(' '), ...ids);
}

function gitEnv(): Record<string, string> {
  const who = { NAME: 'Koala', EMAIL: 'koala@localhost', DATE: COMMITTED };
  const names = Object.entries(who).flatMap(([name, value]) => [
    [`GIT_AUTHOR_${name}`, value],
    [`GIT_COMMITTER_${name}`, value],
  ]);
  return { ...Object.fromEntries(names), GIT_CONFIG_GLOBAL: '/dev/null' };
}
