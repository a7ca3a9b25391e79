// Turns what docker says when it fails into a typed error with a remedy. No other place reads docker's words.
import { KoalaError } from '../job/errors.js';
import { showDuration } from '../job/quantity.js';

interface Row {
  pattern: RegExp;
  /** What the user is told instead of docker's own words. */
  message?: string;
  remedy?: string;
}

/** Specific rows come before general ones. The patterns cover the clients 20.10 to 29. */
const FAILURES = {
  not_allowed: {
    pattern: /permission denied while trying to connect|dial unix .*permission denied/i,
    message: 'this user may not use the Docker engine',
    remedy: 'Add the user to the docker group: sudo usermod -aG docker "$USER", then log in again.',
  },
  no_tls: {
    pattern:
      /x509:|tls: |to an HTTPS server|HTTP response to HTTPS client|unable to resolve docker endpoint/i,
    message: 'the docker command and the Docker engine do not agree on TLS',
    remedy:
      'Check DOCKER_HOST, DOCKER_TLS_VERIFY and DOCKER_CERT_PATH, until "docker version" shows the server.',
  },
  no_ssh: {
    pattern: /command \[ssh /,
    message: 'the machine of the Docker engine cannot be reached over ssh, or does not let this user in',
    remedy:
      'Try "docker version" until it shows the server: ssh may ask for neither a password nor a host key.',
  },
  no_engine: {
    pattern:
      /cannot connect to the docker daemon|failed to connect to the docker api|error during connect|dial unix|connection refused/i,
    message: 'the Docker engine is not running',
    remedy: 'Start it (sudo systemctl start docker), or run ci/setup.sh, which also installs it.',
  },
  image_missing: {
    pattern: /unable to find image|no such image/i,
    message: 'the builder image is missing',
    remedy: 'Build it: sh ci/build.sh in the directory of koalaci.',
  },
  too_many_cpus: {
    pattern: /range of cpus is from/i,
    message: 'KOALACI_CPUS is more than the engine has',
    remedy: 'Lower it, or unset it.',
  },
  /** Only local sources are mounted by their path. */
  not_here: {
    pattern: /bind source path does not exist/i,
    message: 'the Docker engine does not see the local source: it runs on another machine',
    remedy: "Give the repository's address on a git server, or run koalaci on the machine of the engine.",
  },
  disk_full: {
    pattern: /no space left on device/i,
    message: 'the disk of the Docker engine is full',
    remedy: 'Free some: docker system df shows what is used.',
  },
  no_runtime: {
    pattern: /unknown (or invalid )?runtime (name|specified)/i,
    message: 'the Docker engine has no runtime of the name in KOALACI_RUNTIME',
    remedy: 'Install it and add it to "runtimes" in the engine\'s daemon.json, or unset KOALACI_RUNTIME.',
  },
  /** The caller tries again without a limit. */
  no_quota: { pattern: /storage-opt|quota (is )?not (supported|enabled)/i },
  /** The caller creates the network and tries again. */
  network_missing: { pattern: /network \S+ not found/i },
  /** The caller removes one and tries again. */
  network_twins: {
    pattern: /network \S+ is ambiguous/i,
    message: 'the Docker engine has several networks of the same name',
    remedy: 'Remove all but one: docker network ls lists them, and docker network rm takes an id.',
  },
  /** Another process has created it. */
  name_taken: { pattern: /is already in use by container|already exists/i },
  /** The registry answers, but does not have the image. */
  not_in_registry: { pattern: /manifest unknown|manifest for \S+ not found|name unknown/i },
  /** The container does not exist or does not run any more: a success for whoever stops or removes it. */
  gone: { pattern: /no such (container|object)|is already in progress|is not running/i },
} as const satisfies Record<string, Row>;

/** `no_command`: docker itself is not installed. `hangs`: no answer in time. `other`: no row matches. */
export type EngineFailure = keyof typeof FAILURES | 'no_command' | 'hangs' | 'other';

/** A docker command that failed. Code decides by `failure`, never by the message. */
export class EngineError extends KoalaError {
  readonly failure: EngineFailure;

  constructor(failure: EngineFailure, message: string, options: { remedy?: string; cause?: unknown } = {}) {
    super('environment', message, options);
    this.failure = failure;
  }
}

/** What a failed docker command said. `code`: ENOENT and the like when it could not be started. */
export interface Failed {
  args: string[];
  stderr: string;
  code?: string | undefined;
}

/** The error for a failed docker command. Pure. */
export function engineError({ args, stderr, code }: Failed): EngineError {
  if (code === 'ENOENT') {
    return new EngineError('no_command', 'the docker command is not installed', {
      remedy:
        'Install it (sudo apt-get install docker.io; ci/setup.sh does), or check KOALACI_DOCKER if that is set.',
    });
  }
  const failure = failureIn(stderr);
  const { message, remedy }: Partial<Row> = failure === 'other' ? {} : FAILURES[failure];
  if (message)
    return new EngineError(failure, message + whichOne(failure, stderr), {
      ...(remedy ? { remedy } : {}),
      cause: stderr,
    });
  const said = stderr.trim().split('\n').slice(-3).join(' ') || 'nothing';
  return new EngineError(failure, `docker ${args[0]} failed and said: ${said}`);
}

const USUAL = ['unix:///var/run/docker.sock', 'koalaci:latest'];

/** The engine that was asked, or the image: where that is not the usual one. */
function whichOne(failure: EngineFailure, stderr: string): string {
  if (failure === 'no_engine') {
    const [, address] = /daemon at (\S+?)\.?(\s|$)/i.exec(stderr) ?? [];
    return address && !USUAL.includes(address)
      ? ` at ${address}, where DOCKER_HOST or docker's context leads`
      : '';
  }
  if (failure !== 'image_missing') return '';
  const [, image] = /(?:find|such) image:? '?([^\s']+)/i.exec(stderr) ?? [];
  return image && !USUAL.includes(image) ? `: ${image}` : '';
}

/** The error for a docker command that did not end in time. Pure. */
export function engineHangs([command = '']: string[], ms: number): EngineError {
  return new EngineError(
    'hangs',
    `the Docker engine has not done "docker ${command}" in ${showDuration(ms)}`,
    {
      remedy:
        'Look at its log (journalctl -u docker), and restart it if it hangs; if it is only slow, raise KOALACI_ENGINE_TIMEOUT.',
    },
  );
}

/** Whether an error is this failure of the engine. */
export function isFailure(error: unknown, failure: EngineFailure): boolean {
  return error instanceof EngineError && error.failure === failure;
}

/** For a catch: turns this failure into undefined, and throws every other error again. */
export function unless(failure: EngineFailure): (error: unknown) => undefined {
  return (error) => {
    if (!isFailure(error, failure)) throw error;
    return undefined;
  };
}

function failureIn(stderr: string): keyof typeof FAILURES | 'other' {
  const rows = Object.entries(FAILURES) as [keyof typeof FAILURES, Row][];
  return rows.find(([, { pattern }]) => pattern.test(stderr))?.[0] ?? 'other';
}
