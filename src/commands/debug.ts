// koalaci debug: opens a shell in the kept container of a build that failed, or runs one command in it.
import { execHere } from '../docker/container.js';
import { keptUntil } from '../docker/names.js';
import { KoalaError } from '../job/errors.js';
import type { InstallationId } from '../job/identity.js';
import { hasEnded, type JobRecord, type RecordFields } from '../job/record.js';
import { hostOf, isOfThisHost } from '../runner/runner-id.js';
import { DEBUG } from '../sandbox/protocol.js';
import { keptOf } from '../snapshot/kept.js';
import { load } from '../store/jobs.js';
import { say } from '../ui/print.js';
import { askedJob, type TokenFlag } from './authenticate.js';
import { withRedis } from './redis.js';
import { installationOf, openSession } from './session.js';

export async function debug(text: string, command: string[], flags: TokenFlag): Promise<void> {
  const session = openSession();
  const id = askedJob(session, text, flags);
  const hasTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  if (command.length === 0 && !hasTerminal) {
    throw new KoalaError('bad_input', 'a shell needs a terminal', {
      remedy: `Without one, give a command: koalaci debug ${id.deployment} -- npm run build`,
    });
  }
  const record = await withRedis(session, (redis) => load(redis, id));
  const { id: container, name } = await containerOf(record, installationOf(session));
  if (command.length === 0) {
    const minutes = Math.max(0, Math.round((keptUntil(name) - Date.now()) / 60_000));
    say(
      `a shell in the build of ${id.deployment}; "exit" leaves it\nthe build is kept for ${minutes} more minutes\n`,
    );
  }
  process.exitCode = await execHere(container, [DEBUG, ...command], hasTerminal);
}

/** The container of the deployment's build. */
async function containerOf(record: JobRecord, installation: InstallationId) {
  const { deployment, runner, status }: RecordFields = record;
  if (!hasEnded(record)) {
    throw new KoalaError(
      'conflict',
      `deployment ${deployment} is ${status}: only a build that has failed is kept`,
      {
        remedy: `Wait for its end: koalaci logs -f ${deployment}`,
      },
    );
  }
  if (runner !== undefined && !isOfThisHost(runner)) {
    throw new KoalaError(
      'conflict',
      `deployment ${deployment} was built on another machine, ${hostOf(runner)}`,
      {
        remedy: `Type "koalaci debug ${deployment}" there.`,
      },
    );
  }
  const kept = await keptOf(installation, record, record.attempt);
  if (kept) return kept;
  throw new KoalaError('not_found', `the container of deployment ${deployment} is not kept`, {
    remedy:
      'That of a build that fails is kept for 30 minutes, one for each user, by "koalaci run --keep", or where KOALACI_KEEP_FAILED is 1. Build it again.',
  });
}
