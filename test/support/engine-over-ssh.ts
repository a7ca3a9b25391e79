// The way to an engine over ssh: a real ssh and a real sshd, one process for each connection, so that nothing listens. Needs root.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newKey } from './ssh-server.js';

export interface EngineOverSsh extends AsyncDisposable {
  env: { DOCKER_HOST: string; PATH: string };
}

/** Makes `ssh` reach the engine of that address, and nothing else; where docker then asks is in `env`. */
export async function engineOverSsh(address: string): Promise<EngineOverSsh> {
  const directory = await mkdtemp(join(tmpdir(), 'koala-ssh-'));
  const of = (name: string) => join(directory, name);
  await newKey(of('client'));
  await newKey(of('host'));
  await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  const server = [
    ...['UsePAM no', 'StrictModes no', 'PasswordAuthentication no', 'PermitRootLogin prohibit-password'],
    ...[`HostKey ${of('host')}`, `AuthorizedKeysFile ${of('client.pub')}`],
    `ForceCommand DOCKER_HOST=${address} docker system dial-stdio`,
  ];
  const client = [
    `ProxyCommand /usr/sbin/sshd -i -f ${of('server')}`,
    ...[`IdentityFile ${of('client')}`, 'IdentitiesOnly yes', 'BatchMode yes'],
    ...[`UserKnownHostsFile ${of('known')}`, 'StrictHostKeyChecking accept-new'],
  ];
  await writeFile(of('server'), `${server.join('\n')}\n`);
  await writeFile(of('config'), `${client.join('\n')}\n`);
  await mkdir(of('bin'));
  await writeFile(of('bin/ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F ${of('config')} "$@"\n`, { mode: 0o755 });
  return {
    env: { DOCKER_HOST: 'ssh://root@engine', PATH: `${of('bin')}:${process.env.PATH}` },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}
