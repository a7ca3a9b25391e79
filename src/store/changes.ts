// Reads the stream of status changes. One process handles each change; if it dies, another one does.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { parseJobId } from '../job/identity.js';
import type { ArtifactInfo, StepTimes } from '../job/record.js';
import { CHANGE_ABANDONED_MS, CHANGES_BLOCK_MS } from '../settings/timing.js';
import { connectTwin } from './connect.js';
import { CHANGES_KEY } from './keys.js';

/** What is told of a change, where the record has it. */
export interface ChangeFacts {
  branch?: string;
  commit?: string;
  steps?: StepTimes[];
  artifact?: ArtifactInfo;
  reason?: string;
  step?: string;
  exitCode?: number;
  message?: string;
  remedy?: string;
  /** The lines that matter, of a build that failed. */
  extract?: string[];
}

export interface Change {
  id: string;
  user: string;
  deployment: string;
  attempt: string;
  project: string;
  status: string;
  facts: ChangeFacts;
  /** Milliseconds since 1970. */
  time: number;
  /** The callback's URL, sealed. */
  callback: string;
}

const GROUP = 'callbacks';
const BATCH = 16;

export class ChangesReader {
  readonly #redis: Redis;
  readonly #consumer = randomUUID();
  #reader: Redis | undefined;
  #closed = false;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Hands every change to `handle` until close(). When it throws, the change comes again. */
  async each(handle: (change: Change) => Promise<void>): Promise<void> {
    while (!this.#closed) {
      try {
        for (const entry of await this.#next()) {
          await handle(toChange(entry));
          await this.#redis.multi().xack(CHANGES_KEY, GROUP, entry[0]).xdel(CHANGES_KEY, entry[0]).exec();
        }
      } catch {
        // Redis is away, or somebody emptied it.
        this.#abandon();
        if (!this.#closed) await delay(1_000);
      }
    }
    this.#abandon();
  }

  close(): void {
    this.#closed = true;
    this.#abandon();
  }

  async #next(): Promise<Entry[]> {
    const reader = await this.#open();
    const [, abandoned] = (await reader.xautoclaim(
      CHANGES_KEY,
      GROUP,
      this.#consumer,
      CHANGE_ABANDONED_MS,
      '0',
      'COUNT',
      BATCH,
    )) as [string, Entry[]];
    if (abandoned.length > 0) return abandoned;
    const answer = await reader.xreadgroup(
      'GROUP',
      GROUP,
      this.#consumer,
      'COUNT',
      BATCH,
      'BLOCK',
      CHANGES_BLOCK_MS,
      'STREAMS',
      CHANGES_KEY,
      '>',
    );
    return ((answer ?? []) as [string, Entry[]][]).flatMap(([, entries]) => entries);
  }

  async #open(): Promise<Redis> {
    if (this.#reader) return this.#reader;
    this.#reader = await connectTwin(this.#redis);
    await this.#reader.xgroup('CREATE', CHANGES_KEY, GROUP, '0', 'MKSTREAM').catch((error: Error) => {
      if (!error.message.startsWith('BUSYGROUP')) throw error;
    });
    return this.#reader;
  }

  #abandon(): void {
    this.#reader?.disconnect();
    this.#reader = undefined;
  }
}

type Entry = [id: string, fields: string[]];

/** An entry of the stream; one of an older version says less. */
function toChange([id, list]: Entry): Change {
  const fields: Record<string, string> = {};
  for (let at = 0; at < list.length; at += 2) fields[list[at] ?? ''] = list[at + 1] ?? '';
  const { job = '', project = '', attempt = '', status = '', time = '0', callback = '' } = fields;
  const { user = '', deployment = '' } = parseJobId(job) ?? {};
  const change = { id, user, deployment, attempt, project, status, time: Number(time), callback };
  return { ...change, facts: factsIn(fields) };
}

function factsIn(fields: Record<string, string>): ChangeFacts {
  const { branch, commit, reason, step, exit_code, message, remedy, steps, artifact, extract } = fields;
  const texts = { branch, commit, reason, step, message, remedy };
  return {
    ...Object.fromEntries(Object.entries(texts).filter(([, text]) => text)),
    ...(exit_code ? { exitCode: Number(exit_code) } : {}),
    ...(steps ? { steps: JSON.parse(steps) } : {}),
    ...(artifact ? { artifact: JSON.parse(artifact) } : {}),
    ...(extract ? { extract: JSON.parse(extract) } : {}),
  };
}
