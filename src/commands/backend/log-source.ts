// The log of a deployment, on this machine or at a service, as its readers want it.
import type { DeploymentId } from '../../job/identity.js';
import type { LogSource } from '../../store/log-source.js';
import type { Backend } from './backend.js';

export function sourceOf(backend: Backend, id: DeploymentId): LogSource {
  return {
    record: () => backend.load(id),
    read: () => backend.log(id),
    follow: (after, signal) => backend.log(id, signal, after),
  };
}
