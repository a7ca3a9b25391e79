// What stands between a build and the machine, beside koalaci's own flags: what the engine has, and what it lacks. Pure.
import type { EngineAddress, EngineWalls } from '../docker/engine.js';

export interface Weakness {
  found: string;
  remedy: string;
  /** What to type. */
  commands: string[];
}

/** What to type after a change of the engine's configuration. */
const RESTART = 'sudo systemctl restart docker';
const CONFIGURE = ['sudoedit /etc/docker/daemon.json', RESTART];

/** Runtimes that do not let a build speak to the machine's kernel, by the start of their names. */
const GVISOR = /^runsc|gvisor/i;
const APART = [
  { name: GVISOR, what: 'gVisor answers system calls itself' },
  { name: /^kata/i, what: 'each build has a kernel of its own' },
];

/** One line on the walls that hold: the runtime, and who root in a container is on the machine. */
export function showWalls({ security }: EngineWalls, runtime: string | undefined): string {
  const apart =
    APART.find(({ name }) => name.test(runtime ?? ''))?.what ?? "builds share the machine's kernel";
  const root = security.includes('rootless')
    ? 'the engine is rootless, so who breaks out is an ordinary user'
    : security.includes('userns')
      ? 'root in a container is nobody on the machine (userns-remap)'
      : 'root in a container is root of the machine';
  return `${runtime ?? 'default runtime'}: ${apart}; ${root}`;
}

/** What an engine weakens that is not asked over a socket of this machine. */
export function weaknessesOfAddress({ host, isProven }: EngineAddress): Weakness[] {
  if (/^(unix|npipe|fd):/.test(host)) return [];
  const found: Weakness[] = [
    {
      found: `the engine may be elsewhere (${host}): then the room on its disk is not watched, and local sources and koalaci's own Redis are not there`,
      remedy: 'Set REDIS_URL, give addresses on git servers, and watch that disk yourself.',
      commands: ['docker context show', 'docker system df'],
    },
  ];
  if (!isProven) {
    found.unshift({
      found: `the engine does not ask who comes to ${host}: whoever reaches that is root of its machine`,
      remedy:
        'Start it with --tlsverify, and set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH; or use an ssh:// address.',
      commands: [`export DOCKER_HOST=ssh://root@${new URL(host).hostname}`],
    });
  }
  return found;
}

/** What is weaker than it should be. */
export function weaknessesOf(walls: EngineWalls, runtime: string | undefined): Weakness[] {
  const found: Weakness[] = [];
  if (!walls.security.includes('seccomp')) {
    found.push({
      found: 'the engine filters no system calls: builds reach all of the kernel',
      remedy: 'Use a kernel and an engine with seccomp, or a runtime such as runsc or kata.',
      commands: ['export KOALACI_RUNTIME=runsc'],
    });
  }
  if (walls.unlimited.length > 0) {
    found.push({
      found: `the engine cannot limit ${walls.unlimited.join(', ')}`,
      remedy: walls.security.includes('rootless')
        ? 'A rootless engine needs cgroup v2, and systemd that delegates its controllers to the user.'
        : "Turn those controllers of the kernel's cgroups on.",
      commands: [
        'docker info --format "{{.CgroupVersion}} {{.CgroupDriver}}"',
        'cat /sys/fs/cgroup/cgroup.controllers',
      ],
    });
  }
  if (runtime !== undefined) found.push(...weaknessesOfRuntime(walls, runtime));
  return found;
}

function weaknessesOfRuntime({ runtimes }: EngineWalls, runtime: string): Weakness[] {
  const args = runtimes[runtime];
  if (!args) {
    return [
      {
        found: `the engine has no runtime ${runtime}; it has ${Object.keys(runtimes).join(', ')}`,
        remedy: 'Add it to "runtimes" in the engine\'s daemon.json, or unset KOALACI_RUNTIME.',
        commands: ['unset KOALACI_RUNTIME'],
      },
    ];
  }
  // Its default keeps what a build writes in memory, where docker commit does not see it.
  if (!GVISOR.test(runtime) || args.includes('--overlay2=none')) return [];
  return [
    {
      found: `the runtime ${runtime} hides what a build writes from the engine: every snapshot is empty`,
      remedy: 'Give it "runtimeArgs": ["--overlay2=none"] in the engine\'s daemon.json.',
      commands: CONFIGURE,
    },
  ];
}

/** What the engine warns of that weakens a build's walls. The words are those of moby. */
const WARNINGS: { pattern: RegExp; found: string; remedy: string; commands: string[] }[] = [
  {
    pattern: /API is accessible on (\S+) without encryption/i,
    found: 'the engine listens on a network without encryption: whoever reaches that is root of the machine',
    remedy: 'Have it listen on its socket alone, or with --tlsverify.',
    commands: CONFIGURE,
  },
  {
    pattern: /bridge-nf-call-ip6?tables is disabled/i,
    found: 'the kernel does not filter what passes between containers: builds reach each other',
    remedy: 'Have packets on bridges pass the firewall.',
    commands: ['sudo modprobe br_netfilter', 'sudo sysctl -w net.bridge.bridge-nf-call-iptables=1'],
  },
  {
    pattern: /No swap limit support/i,
    found: 'the kernel does not limit swap: a build may have more memory than KOALACI_MEMORY',
    remedy: 'Boot with swapaccount=1, or turn swap off.',
    commands: ['sudo swapoff -a'],
  },
];

/** What is weaker, as the engine itself says. */
export function weaknessesInWarnings(warnings: string[]): Weakness[] {
  return WARNINGS.flatMap(({ pattern, ...weakness }) =>
    warnings.some((warning) => pattern.test(warning)) ? [weakness] : [],
  );
}

/** Flags of the engine that weaken a build's walls: when they do, and how. */
const FLAGS: { name: string; isWeak: RegExp; found: string }[] = [
  {
    ...{ name: 'iptables', isWeak: /^false$/ },
    found: 'the engine makes no firewall rules (iptables): builds reach each other, and the machine',
  },
  {
    ...{ name: 'seccomp-profile', isWeak: /^unconfined$/ },
    found: "the engine filters no system calls (seccomp-profile) of containers other than koalaci's builds",
  },
  {
    ...{ name: 'hosts', isWeak: /tcp:\/\/(?!127\.|localhost|\[::1\])/ },
    found: 'the engine listens on a network (hosts): whoever may use it is root of the machine',
  },
  {
    ...{ name: 'insecure-registries', isWeak: /./ },
    found: 'the engine does not check who some registries are (insecure-registries)',
  },
];

/** What is weaker by how the engine was started. */
export function weaknessesInFlags(flags: ReadonlyMap<string, string>): Weakness[] {
  const weak = FLAGS.filter(({ name, isWeak }) => isWeak.test(flags.get(name) ?? ''));
  return weak.map(({ name, found }) => ({
    found,
    remedy: `Remove ${name} from the engine's daemon.json or command line, if nothing else needs it.`,
    commands: CONFIGURE,
  }));
}
