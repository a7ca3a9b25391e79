import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { isRedisAway } from '../../../src/store/redis-away.js';

const MISSING = '/nowhere/at/all';

it.each([
  [
    'what ioredis says while it connects',
    new Error("Stream isn't writeable and enableOfflineQueue options is false"),
  ],
  ['what ioredis says when it has given up', new Error('Connection is closed.')],
  ['no answer in time', new Error('Command timed out')],
  ['a Redis that still loads its data', new Error('LOADING Redis is loading the dataset in memory')],
  [
    'a connection that was lost',
    Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' }),
  ],
  [
    'a host with two addresses, neither of which answers',
    new AggregateError([Object.assign(new Error('refused'), { code: 'ECONNREFUSED', syscall: 'connect' })]),
  ],
])('says that Redis is away: %s', (_what, error) => {
  expect(isRedisAway(error)).toBe(true);
});

it('says that Redis is away of a socket that is missing, and not of a file or a program', async () => {
  const [socket] = await once(connect(MISSING), 'error').catch((error: unknown) => [error]);
  const file = await readFile(MISSING).catch((error: unknown) => error);
  const [program] = await once(spawn(MISSING), 'error').catch((error: unknown) => [error]);
  expect([socket, file, program].map((error) => (error as NodeJS.ErrnoException).code)).toEqual(
    Array(3).fill('ENOENT'),
  );
  expect([socket, file, program].map(isRedisAway)).toEqual([true, false, false]);
});

it.each([
  ['an answer of Redis', new Error('WRONGTYPE Operation against a key')],
  ['a bug that speaks of loading', new Error('loading the module failed')],
  ['what is no error', 'Connection is closed.'],
])('says nothing of the kind: %s', (_what, error) => {
  expect(isRedisAway(error)).toBe(false);
});
