// What stands between a build and the machine, beside koalaci's own flags: what the engine has, and what it lacks. Pure.
import type { EngineAddress, EngineWalls } from '../docker/engine.js';

export interface Weakness {
  found: string;
  remedy: string;
}

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
    },
  ];
  if (!isProven) {
    found.unshift({
      found: `the engine does not ask who comes to ${host}: whoever reaches that is root of its machine`,
      remedy:
        'Start it with --tlsverify, and set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH; or use an ssh:// address.',
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
    });
  }
  if (walls.unlimited.length > 0) {
    found.push({
      found: `the engine cannot limit ${walls.unlimited.join(', ')}`,
      remedy: walls.security.includes('rootless')
        ? 'A rootless engine needs cgroup v2, and systemd that delegates its controllers to the user.'
        : "Turn those controllers of the kernel's cgroups on.",
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
      },
    ];
  }
  // Its default keeps what a build writes in memory, where docker commit does not see it.
  if (!GVISOR.test(runtime) || args.includes('--overlay2=none')) return [];
  return [
    {
      found: `the runtime ${runtime} hides what a build writes from the engine: every snapshot is empty`,
      remedy: 'Give it "runtimeArgs": ["--overlay2=none"] in the engine\'s daemon.json.',
    },
  ];
}
