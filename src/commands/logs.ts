// koalaci logs: prints or follows the log of a deployment.
import { KoalaError } from '../job/errors.js';
import { STEPS } from '../job/status.js';
import { load } from '../store/jobs.js';
import { followLog, readLog } from '../store/log-reader.js';
import { type LogStyle, LogStyler } from '../ui/log-style.js';
import { Output } from '../ui/output.js';
import { askedJob, type TokenFlag } from './authenticate.js';
import { onInterrupt } from './interrupt.js';
import { withRedis } from './redis.js';
import { openSession } from './session.js';

interface LogsFlags extends LogStyle, TokenFlag {
  follow?: boolean;
}

export async function logs(text: string, flags: LogsFlags): Promise<void> {
  if (flags.step && !(STEPS as readonly string[]).includes(flags.step)) {
    throw new KoalaError('bad_input', `--step: must be one of ${STEPS.join(', ')}`);
  }
  const session = openSession();
  const id = askedJob(session, text, flags);
  const stop = new AbortController();
  const output = new Output(process.stdout);
  process.stdout.once('close', () => stop.abort());
  process.stdout.once('error', () => stop.abort());
  const styler = new LogStyler(flags);
  using _ = onInterrupt(() => stop.abort());
  await withRedis(session, async (redis) => {
    await load(redis, id);
    const parts = flags.follow ? followLog(redis, id, stop.signal) : readLog(redis, id);
    for await (const part of parts) {
      if (stop.signal.aborted) break;
      const data = styler.part(part);
      if (data.length > 0) output.write(data);
      await output.ready();
    }
    const rest = styler.end();
    if (rest.length > 0) output.write(rest);
    output.plain();
    await output.ready();
  });
}
