// Traces of what a command builds, where its environment asks for them.
import type { Screen } from '../runner/events.js';
import { openTracing } from '../telemetry/traces/tracing.js';
import { say } from '../ui/print.js';
import type { Session } from './session.js';
import { koalaciVersion } from './version.js';

/** Calls `use` with what makes a trace of all that a screen shows, and has the trace sent. */
export async function withTracing(
  { env }: Session,
  use: (traced: (screen: Screen) => Screen) => Promise<void>,
): Promise<void> {
  let problem: string | undefined;
  const onProblem = (why: string) => {
    problem = why;
  };
  const tracing = await openTracing({ env, version: koalaciVersion(), isCommand: true, onProblem });
  try {
    await use((screen) => tracing?.traced(screen, { isQueued: false }) ?? screen);
  } finally {
    await tracing?.close();
    // Not before: the screen was in the way.
    if (problem !== undefined) say(`koalaci: traces: ${problem}\n`);
  }
}
