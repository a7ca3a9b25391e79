// koalaci serve: takes jobs by HTTP, and builds what is in the queue.
import { engineVersions } from '../docker/engine.js';
import { KoalaError, messageOf } from '../job/errors.js';
import { createApp } from '../server/app.js';
import { type DaemonFlags, runDaemon } from './daemon.js';
import { intake } from './session.js';

interface ServeFlags extends DaemonFlags {
  host: string;
  port: string;
}

export async function serve(flags: ServeFlags): Promise<void> {
  await runDaemon(flags, async (daemon) => {
    const engine = flags.concurrency === '0' ? undefined : engineVersions;
    const app = createApp({ ...daemon, intake: intake(daemon.redis, daemon.queue, daemon.secret), engine });
    await app.listen({ host: flags.host, port: portOf(flags.port) }).catch((cause: unknown) => {
      throw new KoalaError(
        'environment',
        `it cannot listen on ${flags.host}:${flags.port}: ${messageOf(cause)}`,
        {
          remedy: 'Name another address with --host and --port.',
          cause,
        },
      );
    });
    return () => app.close();
  });
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new KoalaError('bad_input', `--port: must be a number up to 65535, not "${text}"`);
}
