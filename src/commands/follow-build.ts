// Shows a build that runs elsewhere, as it would be shown here: by its log, and by its record where that says nothing.

import { describeEnding } from '../job/ending.js';
import type { DeploymentId } from '../job/identity.js';
import { visible } from '../job/printable.js';
import { type EndedRecord, hasEnded, type JobRecord } from '../job/record.js';
import type { Step } from '../job/status.js';
import type { BuildEvent, Screen } from '../runner/events.js';
import { partBytes } from '../store/log-reader.js';
import { say } from '../ui/print.js';
import { QueueWords } from '../ui/waiting.js';
import type { Backend } from './backend/backend.js';
import { FollowedSteps } from './followed-steps.js';
import { HeldLines, type Said } from './held-lines.js';

export interface Following {
  screen: Screen;
  /** Ends it early. */
  signal: AbortSignal;
  /** Nothing is shown while this waits. */
  paused: () => Promise<void> | undefined;
}

/** Shows a build until it has ended; returns how, or undefined when the signal aborts before. */
export async function followBuild(
  backend: Backend,
  id: DeploymentId,
  following: Following,
): Promise<EndedRecord | undefined> {
  const follower = new Follower(backend, id, following);
  const isOver = new AbortController();
  const signal = AbortSignal.any([following.signal, isOver.signal]);
  const watching = follower.watchRecord(signal);
  try {
    await Promise.race([follower.showLog(following.signal), watching.then(() => new Promise(() => {}))]);
  } finally {
    isOver.abort();
    await watching.catch(() => {});
  }
  return following.signal.aborted ? undefined : follower.end();
}

class Follower {
  readonly #backend: Backend;
  readonly #id: DeploymentId;
  readonly #following: Following;
  readonly #steps = new FollowedSteps();
  readonly #lines = new HeldLines();
  readonly #queue = new QueueWords();
  #step: Step | '' | undefined;
  /** Whether the log has said something since the record was looked at. */
  #hasSpoken = false;

  constructor(backend: Backend, id: DeploymentId, following: Following) {
    this.#backend = backend;
    this.#id = id;
    this.#following = following;
  }

  async showLog(signal: AbortSignal): Promise<void> {
    const { screen, paused } = this.#following;
    for await (const part of this.#backend.log(this.#id, signal)) {
      await paused();
      this.#hasSpoken = true;
      const step = part.kind === 'lines' ? part.step : (this.#step ?? '');
      if (step !== this.#step) await this.#enter(step);
      const own = part.kind === 'lines' && part.own === true;
      this.#log(this.#lines.push({ data: partBytes(part), own }));
      await screen.ready();
    }
  }

  async #enter(step: Step | ''): Promise<void> {
    this.#log(this.#lines.flush());
    this.#step = step;
    // Between two steps: of which is not said.
    if (step === '') return;
    const record = await this.#backend.load(this.#id).catch(() => undefined);
    // If nobody answers now, the steps are told later.
    if (record) this.#show(this.#steps.news(record, step));
  }

  /** Says where it waits, and shows steps that print nothing. What a step has printed comes before its end. */
  async watchRecord(signal: AbortSignal): Promise<void> {
    let before: JobRecord | undefined;
    for await (const record of this.#backend.watch(this.#id, signal)) {
      await this.#following.paused();
      for (const line of this.#queue.of(record)) say(`koalaci: ${line}\n`);
      if (!hasEnded(record)) this.#log(this.#lines.flush());
      // As it was the last time: the log has had time to tell the rest.
      if (before && !this.#hasSpoken && !hasEnded(before)) this.#show(this.#steps.news(before));
      this.#hasSpoken = false;
      before = record;
    }
  }

  /** The end. The log may have ended because the deployment was created again: then that one's. */
  async end(): Promise<EndedRecord | undefined> {
    for await (const record of this.#backend.watch(this.#id, this.#following.signal)) {
      if (!hasEnded(record)) continue;
      await this.#following.paused();
      const [first] = record.status === 'READY' ? [] : describeEnding(record);
      this.#log(this.#lines.end(first === undefined ? undefined : visible(first)));
      this.#show(this.#steps.end(record));
      return record;
    }
    return undefined;
  }

  #log(said: Said[]): void {
    const step = this.#step ?? '';
    for (const { data, own } of said)
      this.#following.screen.show({ type: 'log', step, data, ...(own ? { own } : {}) });
  }

  #show(events: BuildEvent[]): void {
    for (const event of events) this.#following.screen.show(event);
  }
}
