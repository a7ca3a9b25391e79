// What a step leaves behind: processes that outlive their command, and what they can reach.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { filesIn } from '../support/artifact.js';
import { builderWith } from '../support/builder-image.js';
import { gone } from '../support/containers.js';
import { dockerCommand } from '../support/docker-command.js';
import { Koalaci } from '../support/koalaci.js';
import { commit, repoOf } from '../support/repo.js';
import { attack } from './attack.js';

/**
 * In place of setpriv, through which every command of the build user goes: says what it has inherited of the protocol's two
 * descriptors, and which processes of the build are there that no step of ours has started: those have lost their parent, and init
 * has taken them. While the archive is written, its words go where tar's errors do.
 */
const LOOKING = `#!/bin/bash
log=/proc/1/fd/1
if [[ -e /run/koala/pack ]]; then log=/run/koala/pack; fi
control=$(readlink /proc/1/fd/2) runner=$(readlink /proc/1/fd/0)
for fd in /proc/self/fd/*; do
  case $(readlink "$fd") in "$control") echo "looked: holds control" ;; "$runner") echo "looked: holds runner" ;; esac
done >>"$log"
top() { # sets REPLY: the last of its parents below init; fails when one is gone
  local up pid=$1
  while up=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$pid/status" 2>/dev/null) && [[ -n $up ]]; do
    if ((up <= 1)); then REPLY=$pid; return 0; fi
    pid=$up
  done
  return 1
}
uid=$(id -u build)
top $$ && ours=$REPLY
for status in /proc/[0-9]*/status; do
  pid=\${status#/proc/} pid=\${pid%/status}
  if grep -qsE "^Uid:[[:space:]]$uid[[:space:]]" "$status" && top "$pid" && [[ $REPLY != "$ours" ]]; then
    echo "looked: left $(head -n 1 "$status" 2>/dev/null)"
  fi
done >>"$log"
echo 'looked' >>"$log"
exec /usr/bin/setpriv "$@"
`;
const PLACE = '/koala/bin/setpriv';

/** A program in C that writes a forged end into every pipe of each process of the build user that it can stop. */
const FORGER = `#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
int main(void) {
  char path[512], text[8192] = "";
  for (int n = 1; n < 40; n++) sprintf(text + strlen(text), "{\\"n\\":%d,\\"event\\":\\"finished\\",\\"forged\\":true}\\n", n);
  for (int n = 1; n < 64; n++) signal(n, SIG_IGN);
  if (fork()) return 7;
  setsid();
  int own = getpid();
  close(creat("/tmp/forging", 0600));
  for (;;) {
    DIR *all = opendir("/proc");
    for (struct dirent *at; (at = readdir(all));) {
      int pid = atoi(at->d_name);
      if (pid < 2 || pid == own || kill(pid, SIGSTOP)) continue;
      sprintf(path, "/proc/%d/fd", pid);
      DIR *fds = opendir(path);
      for (struct dirent *fd; fds && (fd = readdir(fds));) {
        sprintf(path, "/proc/%d/fd/%s", pid, fd->d_name);
        int to = open(path, O_WRONLY | O_NONBLOCK);
        if (to >= 0) write(to, text, strlen(text)), close(to);
      }
      if (fds) closedir(fds);
      kill(pid, SIGCONT);
    }
    closedir(all);
  }
}
`;

/** Leaves it running. */
const FORGE =
  'gcc -w -O2 -o /tmp/forger forger.c; /tmp/forger || true; until [ -e /tmp/forging ]; do :; done';

/** A project's manifest with an install script. */
const withPostinstall = (postinstall: string) =>
  JSON.stringify({ name: 'x', version: '1.0.0', scripts: { postinstall } });

describe('what a step leaves behind', () => {
  let koalaci: Koalaci;
  beforeAll(async () => {
    koalaci = await Koalaci.open();
  });
  afterAll(() => koalaci.close());

  /** Builds with the image that looks. Returns what was said in each step. */
  const look = async (id: string, command: string, files: Record<string, string> = {}, manager = 'none') => {
    const image = await builderWith({ [PLACE]: LOOKING });
    const repo = await repoOf('static', files);
    const built = await koalaci.build(repo, { id, command, manager }, [], { KOALACI_IMAGE: image });
    expect(built.exitCode, built.stdout + built.stderr).toBe(0);
    const steps = ['source', 'toolchain', 'install', 'build', 'artifact'] as const;
    const logs = await Promise.all(
      steps.map(
        async (step) => [step, (await koalaci.run(['logs', id, '--raw', '--step', step])).stdout] as const,
      ),
    );
    await gone(id);
    return Object.fromEntries(logs) as Record<(typeof steps)[number], string>;
  };

  /** The next build of the same project. */
  const next = async (id: string) => {
    const { exitCode, stdout, stderr } = await koalaci.build(await repoOf('static'), { id, command: 'true' });
    expect(exitCode, stdout + stderr).toBe(0);
  };

  attack(
    'a process that ignores signals, one that is stopped, and a chain of forks live on into the next step',
    async () => {
      const command = `trap '' TERM HUP INT
        setsid sleep 1000 & setsid bash -c 'kill -STOP $$; sleep 1000' &
        setsid bash -c 'f() { f & }; f' & setsid python3 -c 'import ctypes, time
ctypes.CDLL(None).prctl(4, 0); time.sleep(1000)' &
        exec 2>/dev/null`;
      const logs = await look('stay', command);
      expect(logs.artifact).toContain('looked');
      expect(logs.artifact).not.toContain('left');
      await next('after-stay');
    },
    { short: true },
  );

  attack('an install script leaves a process that would change the build', async () => {
    const files = {
      'package.json': withPostinstall('setsid sh -c "trap : TERM; sleep 1000" & true'),
    };
    const logs = await look('install-stay', 'true', files, 'npm');
    expect(logs.install).toContain('npm install');
    expect(logs.build).toContain('looked');
    expect(logs.build).not.toContain('left');
  });

  attack('an install script leaves a process that kills all that would end it', async () => {
    // It spares the package manager itself, whose end would end the step.
    const killer = `import os
def installs():
  for pid in filter(str.isdigit, os.listdir("/proc")):
    try:
      if open(f"/proc/{pid}/comm").read().startswith(("npm", "node")): return True
    except OSError: pass
while installs(): pass
while True:
  try: os.kill(-1, 9)
  except OSError: pass
`;
    const files = {
      'killer.py': killer,
      'package.json': withPostinstall('setsid python3 killer.py >/dev/null 2>&1 & true'),
    };
    const logs = await look('killer', 'true', files, 'npm');
    expect(logs.build).toContain('looked');
    expect(logs.build).not.toContain('left');
  });

  attack('an install script ends what watches which files it reads', async () => {
    const files = {
      input: 'one',
      'package.json': withPostinstall('(: </run/koala/marks/stop) 2>/dev/null; cp input made'),
      '.gitignore': 'made\n',
    };
    const repo = await repoOf('static', files);
    const job = { id: 'watched', manager: 'npm', command: 'cat made' };
    expect((await koalaci.build(repo, job)).stdout).toMatch(/^one$/m);
    await gone('watched');
    await commit(repo, { input: 'two' });
    const { stdout, stderr } = await koalaci.build(repo, job);
    expect(stderr).toContain('warm');
    expect(stdout).toMatch(/^two$/m);
  });

  attack('any program that a step starts has inherited the control channel', async () => {
    const logs = await look('inherit', 'cat /proc/self/status >/dev/null');
    for (const step of ['source', 'toolchain', 'build', 'artifact'] as const)
      expect(logs[step]).toContain('looked');
    expect(Object.values(logs).join('')).not.toContain('holds');
  });

  attack('a process takes over what ends it, and writes that the build has finished', async () => {
    const own = await dockerCommand('exec docker "$@" 2> >(tee -a "$OWN/control" >&2)');
    const repo = await repoOf('static', { 'forger.c': FORGER });
    const { exitCode, stdout, stderr } = await koalaci.build(
      repo,
      { id: 'forger', command: `${FORGE}; exit 7` },
      [],
      { KOALACI_DOCKER: own.path },
    );
    expect(exitCode, stdout + stderr).toBe(1);
    expect(stderr).toContain('exit code 7');
    const control = await readFile(join(own.directory, 'control'), 'utf8');
    expect(control).toContain('"event":"step_started","step":"build"');
    expect(control).not.toContain('forged');
    await next('after-forger');
  });

  attack('a build that succeeds leaves such a process, which then waits for the archive', async () => {
    const repo = await repoOf('static', { 'forger.c': FORGER });

    const { exitCode, stdout, stderr } = await koalaci.build(repo, { id: 'forger-ready', command: FORGE });
    expect(exitCode, stdout + stderr).toBe(0);
    expect(Object.keys(await filesIn(koalaci.artifact('forger-ready')))).toContain('index.html');
  });

  attack('a build sets O_NONBLOCK on the log, and fills it', async () => {
    const command = `python3 -c '
import fcntl, os
for fd in (1, 2): fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | os.O_NONBLOCK)
line, full = b"x" * 99 + b"\\n", 0
while full < 50:
    try: os.write(1, line * 600)
    except BlockingIOError: full += 1
'`;
    const repo = await repoOf('static');
    for (const id of ['nonblock-1', 'nonblock-2', 'nonblock-3']) {
      const { exitCode, stderr } = await koalaci.build(repo, { id, command });
      expect(exitCode, stderr).toBe(0);
    }
  });

  attack('a build closes its end of the log, and shrinks the pipe', async () => {
    const command = `python3 -c 'import fcntl; fcntl.fcntl(1, 1031, 4096)'; exec 1>&- 2>&-; true`;
    const { exitCode, stderr } = await koalaci.build(await repoOf('static'), { id: 'closed', command });
    expect(exitCode, stderr).toBe(0);
  });

  attack('a build kills and stops all that it can', async () => {
    const command = 'set +e; kill -STOP -1; kill -KILL 1 $PPID; kill -CONT -1; kill -KILL -1; true';
    const { exitCode, stdout, stderr } = await koalaci.build(await repoOf('static'), {
      id: 'killer',
      command,
    });
    expect(exitCode, stdout + stderr).toBe(0);
  });
});
