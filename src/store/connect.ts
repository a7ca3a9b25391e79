// Connections to Redis. When it is away, a command fails at once, but a running build goes on.
import { Redis } from 'ioredis';
import { settledWithin } from '../job/settled-within.js';
import { BLOCKED_COMMAND_MS, COMMAND_MS, CONNECT_MS } from '../settings/timing.js';
import { connectError } from './redis-problem.js';

/** Where Redis is: an address, or the socket of the private one. */
export type RedisAddress = { url: string } | { socket: string };

/**
 * Connects, or says why it cannot.
 * @throws KoalaError `environment`
 */
export async function connect(address: RedisAddress): Promise<Redis> {
  const redis = client(address);
  // connect() only says that the connection is closed; the first event says why.
  let why: unknown;
  redis.once('error', (error) => {
    why = error;
  });
  try {
    await redis.connect();
    // ioredis goes on in database 0 when it cannot have the one that the address names.
    if (redis.options.db) await redis.select(redis.options.db);
  } catch (error) {
    redis.disconnect();
    throw connectError(show(address), why ?? error);
  }
  // From here on a lost connection comes back by itself.
  redis.options.retryStrategy = (attempt) => Math.min(attempt * 100, 1_000);
  return redis;
}

/**
 * Another connection to the same Redis, for commands that block or subscribe. It only reads, so a command whose connection
 * is lost is sent again; otherwise ioredis would never answer it.
 */
export async function connectTwin(redis: Redis): Promise<Redis> {
  const twin = redis.duplicate({
    commandTimeout: BLOCKED_COMMAND_MS,
    autoResendUnfulfilledCommands: true,
    // ioredis would subscribe again by itself, and if that failed, reject a promise that nobody can handle.
    autoResubscribe: false,
  });
  twin.on('error', () => {});
  try {
    await twin.connect();
  } catch (error) {
    // It would keep trying to connect, although nobody uses it.
    twin.disconnect();
    throw error;
  }
  return twin;
}

/** Another connection for BullMQ: commands wait as long as Redis is away. */
export function patientTwin(redis: Redis): Redis {
  const twin = redis.duplicate({
    commandTimeout: undefined as never,
    enableOfflineQueue: true,
    autoResendUnfulfilledCommands: true,
    lazyConnect: false,
  });
  twin.on('error', () => {});
  return twin;
}

/** Waits until a connection is there, for so long at most. */
export async function untilConnected(redis: Redis, ms: number): Promise<void> {
  if (redis.status === 'ready') return;
  let heard = () => {};
  const ready = new Promise<void>((resolve) => {
    heard = resolve;
  });
  redis.once('ready', heard);
  await settledWithin(ms, ready);
  redis.off('ready', heard);
}

function client(address: RedisAddress): Redis {
  const options = {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    commandTimeout: COMMAND_MS,
    // No command waits in memory while Redis is away, and none is sent twice: the caller decides what to repeat.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: null,
    retryStrategy: (): number | null => null,
    // It was the primary and is a replica now: whoever the address leads to by now is the primary.
    reconnectOnError: (error: Error) => error.message.includes('READONLY'),
  };
  const redis = 'url' in address ? new Redis(address.url, options) : new Redis(address.socket, options);
  // Each command reports the state of the connection; without a listener ioredis prints to the terminal.
  redis.on('error', () => {});
  return redis;
}

function show(address: RedisAddress): string {
  if ('socket' in address) return address.socket;
  // Without user and password before the @, and options after the ?.
  return address.url.replace(/\?.*$/s, '').replace(/\/\/.*@/s, '//');
}
