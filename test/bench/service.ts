// The daemon under load: jobs created against a bare BullMQ queue, followers of one log, a large log by GET.
import { readFileSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { DeploymentId } from '../../src/job/identity.js';
import { connect } from '../../src/store/connect.js';
import { claim } from '../../src/store/jobs.js';
import { Recorder } from '../../src/store/recorder.js';
import { Daemon } from '../support/daemon.js';
import { Koalaci } from '../support/koalaci.js';
import { payloadOf } from '../support/payload.js';
import { buildingRecord } from '../support/records.js';

const CONNECTIONS = 16;
const CREATE_MS = 5_000;
const FOLLOWERS = 500;
const MIB = 1024 ** 2;
const LINE = `a line of a log, as builds print them by the thousand ${'x'.repeat(45)}\n`;

/** How a line ends in the JSON of an event, where a newline is two characters. */
const LINE_END = 'x\\n';

export interface ServiceFigures {
  /** Jobs a second: created by HTTP, and added to a bare queue by one process, one after the other and 16 at once. */
  created: number;
  added: number;
  addedAtOnce: number;
  /** Milliseconds under which 99 of 100 creates were answered. */
  createdP99: number;
  /** Followers who got every line, and the most memory of the daemon meanwhile, in bytes. */
  followedByAll: number;
  followMemory: number;
  /** Milliseconds until the first byte of a log of 16 MiB, and bytes of memory that reading it took. */
  firstByte: number;
  readMemory: number;
}

export async function benchService(): Promise<ServiceFigures> {
  const koalaci = await Koalaci.open();
  const redis = await connect({ url: koalaci.redis?.url ?? '' });
  const server = await Daemon.start(koalaci, ['serve', '--concurrency', '0']);
  const pid = server.pid ?? 0;
  const agent = new Agent({ keepAlive: true, maxSockets: FOLLOWERS });
  const client = { url: server.url, token: (await koalaci.run(['token', '--user', 'ann'])).stdout, agent };
  try {
    const { rate, p99 } = await createJobs(client);
    const added = await addJobs(redis, 1);
    const addedAtOnce = await addJobs(redis, CONNECTIONS);
    const log = await writeLog(redis, 'large', 16 * MIB);
    await log.finish({ status: 'READY', endedAt: Date.now() });
    const before = memoryNow(pid);
    const firstByte = await firstByteOf(client, '/job/large/log');
    const readMemory = peakMemory(pid) - before;
    const followedByAll = await followAll(client, redis);
    const followMemory = peakMemory(pid);
    return {
      created: rate,
      createdP99: p99,
      added,
      addedAtOnce,
      firstByte,
      readMemory,
      followedByAll,
      followMemory,
    };
  } finally {
    agent.destroy();
    await server.stop();
    redis.disconnect();
    await koalaci.close();
  }
}

interface Client {
  url: string;
  token: string;
  agent: Agent;
}

async function createJobs(client: Client): Promise<{ rate: number; p99: number }> {
  const times: number[] = [];
  let next = 0;
  const until = performance.now() + CREATE_MS;
  const connection = async () => {
    while (performance.now() < until) {
      const started = performance.now();
      const response = await ask(client, 'POST', '/job/create', {}, JSON.stringify(jobOf(`job-${next++}`)));
      if (response.statusCode !== 200) throw new Error(`a create was answered ${response.statusCode}`);
      await drain(response);
      times.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  times.sort((a, b) => a - b);
  return {
    rate: (times.length / CREATE_MS) * 1000,
    p99: times[Math.floor(times.length * 0.99)] ?? Number.NaN,
  };
}

/** The same data, without a daemon, a token or a record. */
async function addJobs(redis: Redis, atOnce: number): Promise<number> {
  const queue = new Queue('bare', { connection: redis, prefix: 'bench' });
  let added = 0;
  const until = performance.now() + CREATE_MS / 2;
  const adding = async () => {
    while (performance.now() < until) {
      await queue.add('build', jobOf(`job-${added}`), { jobId: `job-${atOnce}-${added++}`, priority: 1 });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, adding));
  await queue.close();
  return (added / (CREATE_MS / 2)) * 1000;
}

/** How many of the followers got every line: half of them was there before they came. */
async function followAll(client: Client, redis: Redis): Promise<number> {
  const recorder = await writeLog(redis, 'followed', MIB);
  const headers = { accept: 'text/event-stream' };
  const following = await Promise.all(
    Array.from({ length: FOLLOWERS }, () => ask(client, 'GET', '/job/followed/log', headers)),
  );
  const counting = following.map(countLines);
  writeLines(recorder, MIB);
  await recorder.finish({ status: 'READY', endedAt: Date.now() });
  const counts = await Promise.all(counting);
  const all = 2 * Math.ceil(MIB / LINE.length);
  return counts.filter((lines) => lines === all).length;
}

async function countLines(response: IncomingMessage): Promise<number> {
  let lines = 0;
  let rest = '';
  for await (const chunk of response) {
    const text = rest + String(chunk);
    lines += text.split(LINE_END).length - 1;
    // It may be cut anywhere.
    rest = text.slice(1 - LINE_END.length);
  }
  return lines;
}

async function writeLog(redis: Redis, deployment: string, bytes: number): Promise<Recorder> {
  const record = buildingRecord({ deployment: deployment as DeploymentId, attempt: `run-${deployment}` });
  await claim(redis, record, 3600);
  const recorder = new Recorder(redis, record, {
    logLimit: 64 * MIB,
    retentionSeconds: 3600,
    onCancel: () => {},
    onLost: () => {},
  });
  writeLines(recorder, bytes);
  return recorder;
}

function writeLines(recorder: Recorder, bytes: number): void {
  const line = Buffer.from(LINE);
  for (let written = 0; written < bytes; written += line.length) recorder.log('build', line);
}

async function firstByteOf(client: Client, path: string): Promise<number> {
  const started = performance.now();
  const response = await ask(client, 'GET', path);
  let first = Number.NaN;
  for await (const _ of response) {
    if (Number.isNaN(first)) first = performance.now() - started;
  }
  return first;
}

function ask(
  { url, token, agent }: Client,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = request(`${url}${path}`, {
      method,
      agent,
      headers: { authorization: `Bearer ${token}`, ...headers },
    });
    asked.on('response', resolve);
    asked.on('error', reject);
    asked.end(body);
  });
}

async function drain(response: IncomingMessage): Promise<void> {
  for await (const _ of response);
}

function jobOf(deployment: string): Record<string, string> {
  return payloadOf({ deployment_id: deployment, project_build_command: 'npm run build' });
}

const memoryNow = (pid: number) => statusOf(pid, 'VmRSS');
const peakMemory = (pid: number) => statusOf(pid, 'VmHWM');

/** A figure of proc(5), in bytes. */
function statusOf(pid: number, name: string): number {
  const [, kib] = new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib ?? 0) * 1024;
}
