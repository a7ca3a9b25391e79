// What docker says when it fails, told as one of our errors with a remedy.
import { KoalaError } from '../job/errors.js';

interface Row {
  pattern: RegExp;
  message: string;
  remedy: string;
}

/** Specific rows before general ones; the patterns cover the clients 20.10 to 29. */
const ROWS: Row[] = [
  {
    pattern: /permission denied while trying to connect|dial unix .*permission denied/i,
    message: 'this user may not use the Docker engine',
    remedy: 'Add the user to the docker group: sudo usermod -aG docker "$USER", then log in again.',
  },
  {
    pattern:
      /cannot connect to the docker daemon|failed to connect to the docker api|error during connect|dial unix|connection refused/i,
    message: 'the Docker engine is not running',
    remedy: 'Start it (sudo systemctl start docker), or run ci/setup.sh, which also installs it.',
  },
  {
    pattern: /unable to find image|no such image/i,
    message: 'the builder image is missing',
    remedy: 'Build it: sh ci/build.sh in the directory of koalaci.',
  },
  {
    pattern: /range of cpus is from/i,
    message: 'KOALACI_CPUS is more than the engine has',
    remedy: 'Lower it, or unset it.',
  },
  {
    pattern: /no space left on device/i,
    message: 'the disk of the Docker engine is full',
    remedy: 'Free some: docker system df shows what is used.',
  },
];

/** Whether docker says that the named network does not exist (it is then made, and the command tried again). */
export function isMissingNetwork(stderr: string): boolean {
  return /network \S+ not found/i.test(stderr);
}

/** Whether docker says that a name is taken already. */
export function isNameTaken(error: unknown): boolean {
  return error instanceof Error && /is already in use by container|already exists/i.test(error.message);
}

/** Whether a registry answered that it does not have an image. */
export function isNotInRegistry(error: unknown): boolean {
  return (
    error instanceof Error && /manifest unknown|manifest for \S+ not found|name unknown/i.test(error.message)
  );
}

/** Whether docker says that the object is not there (any more): for a removal, that is a success. */
export function isGone(error: unknown): boolean {
  return (
    error instanceof Error &&
    /no such (container|object)|is already in progress|is not running/i.test(error.message)
  );
}

/** The error for a docker command that failed; `code` is that of the process that could not be started, such as ENOENT. */
export function engineError(args: string[], stderr: string, code?: string): KoalaError {
  if (code === 'ENOENT') {
    return new KoalaError('environment', 'the docker command is not installed', {
      remedy:
        'Install it (sudo apt-get install docker.io; ci/setup.sh does), or check KOALACI_DOCKER if that is set.',
    });
  }
  const row = ROWS.find(({ pattern }) => pattern.test(stderr));
  if (row) return new KoalaError('environment', row.message, { remedy: row.remedy, cause: stderr });
  const said = stderr.trim().split('\n').slice(-3).join(' ') || 'nothing';
  return new KoalaError('environment', `docker ${args[0]} failed and said: ${said}`);
}
