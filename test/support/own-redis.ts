// A Redis of the test file that imports this, with a connection of koalaci's to it: there while its tests run.
import type { Redis } from 'ioredis';
import { afterAll, beforeAll } from 'vitest';
import { connect } from '../../src/store/connect.js';
import { RedisServer } from './redis-server.js';

export let server: RedisServer;
export let redis: Redis;

beforeAll(async () => {
  server = await RedisServer.start();
  redis = await connect({ url: server.url });
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});
