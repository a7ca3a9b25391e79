// Waits for something that another process does: asks until it is so.
import { setTimeout as delay } from 'node:timers/promises';

/** Asks until the answer is truthy, and returns it; fails after `ms`, and says what `seen` has to tell. */
export async function until<T>(
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  ms = 60_000,
  seen: () => Promise<string> | string = () => '',
): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    const asked = Date.now();
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`not so after ${ms} ms: ${ask}\n${await seen()}`);
    // What is waited for needs the machine too: to ask may mean to start a process.
    await delay(Math.max(30, 2 * (Date.now() - asked)));
  }
}
