// Chooses what a command asks: this machine, or the service that the user has named.
import { KoalaError } from '../../job/errors.js';
import { type DeploymentId, ID_PATTERN } from '../../job/identity.js';
import { type Backed, serviceOf } from '../named-service.js';
import { openSession, type Session } from '../session.js';
import type { Backend } from './backend.js';

/**
 * Opens it, calls `use` and closes it.
 * @throws KoalaError `unauthorised`; `environment` when it cannot be reached
 */
export async function withBackend<T>(flags: Backed, use: (backend: Backend) => Promise<T>): Promise<T> {
  return choose(openSession(), flags)(use);
}

/**
 * The same for a command about one deployment.
 * @throws KoalaError `not_found` for a malformed id, which no deployment can have
 */
export async function withDeployment<T>(
  text: string,
  flags: Backed,
  use: (backend: Backend, id: DeploymentId) => Promise<T>,
): Promise<T> {
  const opened = choose(openSession(), flags);
  const id = deploymentOf(text);
  return opened((backend) => use(backend, id));
}

/** The id that a user has typed. */
export function deploymentOf(text: string): DeploymentId {
  if (ID_PATTERN.test(text)) return text as DeploymentId;
  throw new KoalaError('not_found', `there is no deployment ${JSON.stringify(text)}`, {
    remedy: '"koalaci list" shows your deployments.',
  });
}

type Opened = <T>(use: (backend: Backend) => Promise<T>) => Promise<T>;

/** Says at once when there is no token. Loads only what is used. */
export function choose(session: Session, flags: Backed): Opened {
  const service = serviceOf(session, flags);
  if (service) {
    return async (use) => {
      const { ServiceBackend } = await import('./service.js');
      return use(new ServiceBackend(service));
    };
  }
  return openBox(session, flags);
}

function openBox(session: Session, flags: Backed): Opened {
  return async (use) => {
    const { identify } = await import('../authenticate.js');
    const identity = identify(session, flags);
    const [{ BoxBackend }, { withRedis }] = await Promise.all([import('./box.js'), import('../redis.js')]);
    return withRedis(session, (redis) => use(new BoxBackend(session, redis, identity)));
  };
}
