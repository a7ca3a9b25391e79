// The log of a deployment, on this machine or at a service, as its readers want it.
import type { DeploymentId } from '../../job/identity.js';
import type { LogPart } from '../../store/log-reader.js';
import type { LogSource } from '../../store/log-source.js';
import type { Backend } from './backend.js';

export function sourceOf(backend: Backend, id: DeploymentId): LogSource {
  return {
    record: () => backend.load(id),
    read: () => backend.log(id),
    follow: (after, signal) => partsAfter(backend.log(id, signal), after),
  };
}

/** A service can go on only after an event of its own, which has more than a number. */
async function* partsAfter(parts: AsyncIterable<LogPart>, after: number): AsyncGenerator<LogPart> {
  let isAfter = after === 0;
  for await (const part of parts) {
    isAfter ||= part.kind === 'lines' && part.seq > after;
    if (isAfter) yield part;
  }
}
