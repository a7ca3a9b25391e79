// koalaci logs: prints or follows the log of a deployment.
import { KoalaError } from '../job/errors.js';
import { parseCount } from '../job/quantity.js';
import { parseSince } from '../job/since.js';
import { STEPS } from '../job/status.js';
import type { LogFilter } from '../store/log-lines.js';
import { sourceOf } from './backend/log-source.js';
import { withDeployment } from './backend/open.js';
import type { Backed } from './named-service.js';
import { showLog } from './show-log.js';

export interface LogsFlags extends Backed {
  follow?: boolean;
  exitStatus?: boolean;
  failed?: boolean;
  grep?: string;
  json?: boolean;
  raw?: boolean;
  since?: string;
  step?: string;
  tail?: string;
  timestamps?: boolean;
}

export async function logs(text: string, flags: LogsFlags): Promise<void> {
  const filter = filterOf(flags);
  await withDeployment(text, flags, async (backend, id) => {
    process.exitCode = await showLog(sourceOf(backend, id), flags, filter);
  });
}

/**
 * What the flags say of the lines that are wanted.
 * @throws KoalaError `bad_input`
 */
export function filterOf({ step, since, grep, tail, failed, follow, json, raw }: LogsFlags): LogFilter {
  if (step !== undefined && !(STEPS as readonly string[]).includes(step))
    throw new KoalaError('bad_input', `--step: must be one of ${STEPS.join(', ')}`);
  if (failed && (step !== undefined || follow))
    throw new KoalaError('bad_input', `--failed: does not go with ${follow ? '--follow' : '--step'}`);
  if (json && raw) throw new KoalaError('bad_input', '--raw: does not go with --json');
  if (grep === '') throw new KoalaError('bad_input', '--grep: must not be empty');
  return {
    ...(step === undefined ? {} : { step }),
    ...(since === undefined ? {} : { since: parseSince('--since', since, Date.now()) }),
    ...(grep === undefined ? {} : { grep }),
    ...(tail === undefined ? {} : { tail: parseCount('--tail', tail) }),
  };
}
