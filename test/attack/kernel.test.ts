// What the kernel offers to processes, and a build must not use: each system call that the profile takes away.
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { Koalaci } from '../support/koalaci.js';
import { repoOf } from '../support/repo.js';
import { attack } from './attack.js';

const EPERM = 1;
const ENOSYS = 38;

/** Calls that would work, or fail for another reason than EPERM, where the kernel lets a build make them: a line of Python each. */
const CALLS = [
  ['traces a process', 'call("ptrace", 101, 0, 0, 0, 0)', EPERM],
  ['reads the memory of a process', 'call("process_vm_readv", 310, os.getpid(), 0, 0, 0, 0, 0)', EPERM],
  [
    'writes into the memory of a process',
    'call("process_vm_writev", 311, os.getpid(), 0, 0, 0, 0, 0)',
    EPERM,
  ],
  ['takes a descriptor of a process', 'call("pidfd_getfd", 438, -1, 0, 0)', EPERM],
  ['compares descriptors of processes', 'call("kcmp", 312, os.getpid(), os.getpid(), 0, 0, 0)', EPERM],
  ['uses io_uring', 'call("io_uring_setup", 425, 1, 0)', EPERM],
  ['enters an io_uring', 'call("io_uring_enter", 426, -1, 0, 0, 0, 0, 0)', EPERM],
  ['registers with an io_uring', 'call("io_uring_register", 427, -1, 0, 0, 0)', EPERM],
  ['handles page faults', 'call("userfaultfd", 323, 1)', EPERM],
  ['adds a key to the kernel', 'call("add_key", 248, 0, 0, 0, 0, 0)', EPERM],
  ['asks the kernel for a key', 'call("request_key", 249, 0, 0, 0, 0)', EPERM],
  ['reads the kernel’s keys', 'call("keyctl", 250, 0, -3, 0)', EPERM],
  ['counts events of the machine', 'call("perf_event_open", 298, 0, 0, -1, -1, 0)', EPERM],
  ['loads a program into the kernel', 'call("bpf", 321, 0, 0, 0)', EPERM],
  ['makes a user namespace', 'call("unshare", 272, 0x10000000)', EPERM],
  ['makes a mount namespace', 'call("unshare", 272, 0x00020000)', EPERM],
  ['starts a process in a user namespace', 'call("clone", 56, 0x10000000 | 17, 0, 0, 0, 0)', EPERM],
  ['starts it with flags that no filter can see', 'call("clone3", 435, 0, 0)', ENOSYS],
  ['enters a namespace', 'call("setns", 308, -1, 0)', EPERM],
  ['mounts a file system', 'call("mount", 165, 0, 0, 0, 0, 0)', EPERM],
  ['opens a file system', 'call("fsopen", 430, 0, 0)', EPERM],
  ['opens a file by its handle', 'call("open_by_handle_at", 304, -1, 0, 0)', EPERM],
  ['hides memory', 'call("memfd_secret", 447, 0)', EPERM],
  ['changes the segment table', 'call("modify_ldt", 154, 0, 0, 0)', EPERM],
  ['watches a file system', 'call("fanotify_init", 300, 0, 0)', EPERM],
  ['reads the kernel’s log', 'call("syslog", 103, 10, 0, 0)', EPERM],
  ['loads a module', 'call("init_module", 175, 0, 0, 0)', EPERM],
  ['starts another kernel', 'call("kexec_load", 246, 0, 0, 0, 0)', EPERM],
  ['talks to the hypervisor', 'family("AF_VSOCK", 40)', EPERM],
  ['uses the kernel’s ciphers', 'family("AF_ALG", 38)', EPERM],
  ['makes a packet socket', 'family("AF_PACKET", 17)', EPERM],
  ['makes an XDP socket', 'family("AF_XDP", 44)', EPERM],
  ['makes a TIPC socket', 'family("AF_TIPC", 30)', EPERM],
  ['makes a Bluetooth socket', 'family("AF_BLUETOOTH", 31)', EPERM],
  ['makes a CAN socket', 'family("AF_CAN", 29)', EPERM],
  ['makes an RDS socket', 'family("AF_RDS", 21)', EPERM],
  ['makes an SMC socket', 'family("AF_SMC", 43)', EPERM],
  ['talks to the kernel’s audit', 'family("NETLINK_AUDIT", 16, 3, 9)', EPERM],
  ['talks to the kernel’s firewall', 'family("NETLINK_NETFILTER", 16, 3, 12)', EPERM],
  ['has SCTP loaded', 'family("SCTP", 2, 1, 132)', EPERM],
] as const;

const PROGRAM = `import ctypes, os, platform
libc = ctypes.CDLL(None, use_errno=True)
def call(name, number, *words):
    said = libc.syscall(number, *[ctypes.c_long(word) for word in words])
    if said == 0 and name.startswith("clone"): os._exit(0)
    print(name, ctypes.get_errno() if said < 0 else "WORKED", flush=True)
def family(name, number, kind=2, protocol=0):
    said = libc.socket(number, kind, protocol)
    print(name, ctypes.get_errno() if said < 0 else "WORKED", flush=True)
assert platform.machine() == "x86_64"
${CALLS.map(([, line]) => line).join('\n')}
`;

describe('the kernel', () => {
  let koalaci: Koalaci;
  let said: Promise<string[]> | undefined;

  beforeAll(async () => {
    koalaci = await Koalaci.open();
  });
  afterAll(() => koalaci.close());

  /** What one build says of all calls. */
  const answers = async (): Promise<string[]> => {
    const repo = await repoOf('static', { 'calls.py': PROGRAM });
    const { stdout, stderr, exitCode } = await koalaci.build(repo, {
      id: 'calls',
      command: 'python3 calls.py',
    });
    expect(exitCode, stdout + stderr).toBe(0);
    return stdout.split('\n');
  };

  for (const [tried, line, errno] of CALLS) {
    const name = /"(.*?)"/.exec(line)?.[1];
    attack(
      `a build ${tried} (${name})`,
      async () => {
        if (process.arch !== 'x64') return;
        said ??= answers();
        const own = (await said).filter((one) => one.startsWith(`${name} `));
        expect(new Set(own)).toEqual(new Set([`${name} ${errno}`]));
      },
      { short: name === 'ptrace' },
    );
  }

  attack('nothing that builds are made with needs what is gone', async () => {
    const command = `set -e; echo 'int main(){return 0;}' >/tmp/x.c; gcc -o /tmp/x /tmp/x.c; /tmp/x
      node -e 'new (require("worker_threads").Worker)("0", {eval: true}).on("exit", process.exit)'
      node -e 'require("child_process").execSync("true"); require("os").networkInterfaces()'
      python3 -c 'import subprocess, threading; threading.Thread(target=print).start(); subprocess.run(["true"], check=True)'`;
    const { exitCode, stdout, stderr } = await koalaci.build(await repoOf('static'), {
      id: 'tools',
      command,
    });
    expect(exitCode, stdout + stderr).toBe(0);
  });
});
