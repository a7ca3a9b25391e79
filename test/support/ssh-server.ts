// A git server over ssh that containers reach: a real sshd on the builds' gateway, for the user who runs the tests.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { buildsGateway, type GitServer } from './git-server.js';
import { ROOT } from './koalaci.js';
import { until } from './until.js';

/** Where Debian has it; it is in no ordinary user's PATH, and must be called by its whole path. */
const SSHD = '/usr/sbin/sshd';

export class SshServer {
  /** The host with its port. */
  readonly host: string;
  /** A private key that the server accepts. */
  readonly key: string;
  readonly #directory: string;
  readonly #port: number;
  #sshd: ReturnType<typeof startSshd> | undefined;

  private constructor(directory: string, key: string, address: { host: string; port: number }) {
    this.#directory = directory;
    this.key = key;
    this.#port = address.port;
    this.host = `${address.host}:${address.port}`;
  }

  /**
   * Serves the repositories below `root` to who has the key; their LFS objects, the files in the directory lfs of each, over ssh
   * alone, or else by a server over HTTP, to which it gives access.
   */
  static async start(root: string, options: { lfs?: 'ssh' | GitServer } = {}): Promise<SshServer> {
    const directory = await mkdtemp(join(tmpdir(), 'koala-sshd-'));
    const host = await buildsGateway();
    const port = await freePort(host);
    const key = await newKey(join(directory, 'client'));
    await newKey(join(directory, 'host'));
    // Paths begin with a slash in ssh:// addresses, and without one in user@host:path.
    const serve = `git shell -c "$(printf %s "$SSH_ORIGINAL_COMMAND" | sed "s|'/|'|")"`;
    const script = ['#!/bin/sh', `cd '${root}' || exit`, ...serveLfs(options.lfs), serve];
    await writeFile(join(directory, 'serve'), `${script.join('\n')}\n`, { mode: 0o755 });
    const config = [
      ...[`ListenAddress ${host}`, `Port ${port}`, 'UsePAM no', 'StrictModes no', 'PidFile none'],
      ...[`HostKey ${directory}/host`, `AuthorizedKeysFile ${directory}/client.pub`],
      ...[
        'PasswordAuthentication no',
        'PermitRootLogin prohibit-password',
        `ForceCommand ${directory}/serve`,
      ],
    ];
    await writeFile(join(directory, 'config'), `${config.join('\n')}\n`);
    const server = new SshServer(directory, key, { host, port });
    await server.#listen();
    return server;
  }

  /** The address of a repository. */
  url(repository: string): string {
    return `ssh://${userInfo().username}@${this.host}/${repository}`;
  }

  /** Its public host key, as known_hosts has it after the host. */
  async hostKey(): Promise<string> {
    return (await readFile(join(this.#directory, 'host.pub'), 'utf8')).split(' ', 2).join(' ').trim();
  }

  /** Starts it anew, with another host key. */
  async changeHostKey(): Promise<void> {
    await this.#end();
    await rm(join(this.#directory, 'host'));
    await newKey(join(this.#directory, 'host'));
    await this.#listen();
  }

  async stop(): Promise<void> {
    await this.#end();
    await rm(this.#directory, { recursive: true, force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #listen(): Promise<void> {
    // As root, sshd wants this directory, which Debian makes when the service starts.
    if (userInfo().uid === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
    const sshd = startSshd(join(this.#directory, 'config'));
    this.#sshd = sshd;
    let said = '';
    sshd.stderr.on('data', (data: Buffer) => {
      said += data;
    });
    await until(() => said.includes(`port ${this.#port}`));
  }

  async #end(): Promise<void> {
    this.#sshd?.kill('SIGTERM');
    await this.#sshd;
  }
}

/** Lines of a shell script for the two commands with which git-lfs asks: git-lfs-transfer, and else git-lfs-authenticate. */
function serveLfs(lfs: 'ssh' | GitServer | undefined): string[] {
  const words = ['set -- $SSH_ORIGINAL_COMMAND', `repository=\${2#/}`];
  if (lfs === 'ssh') {
    const program = join(ROOT, 'test/support/lfs-transfer.js');
    const transfer = `exec '${process.execPath}' '${program}' "$repository"`;
    return [...words, `if [ "$1" = git-lfs-transfer ]; then ${transfer}; fi`];
  }
  if (!lfs) return [];
  const answer = `printf '%s' '${lfs.lfsAccess('REPOSITORY')}' | sed "s|REPOSITORY|$repository|"`;
  return [...words, `if [ "$1" = git-lfs-authenticate ]; then ${answer}; exit; fi`];
}

function startSshd(config: string) {
  return execa(SSHD, ['-D', '-e', '-f', config], { reject: false });
}

/** Makes a key without a passphrase. Returns the private part. */
export async function newKey(file: string, ...more: string[]): Promise<string> {
  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', file, ...more]);
  return readFile(file, 'utf8');
}

async function freePort(host: string): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
