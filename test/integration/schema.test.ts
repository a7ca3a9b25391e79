// The version of koalaci's data, in a real Redis.
import { expect, it } from 'vitest';
import { claimSchema, SCHEMA_VERSION, schemaIn } from '../../src/store/schema.js';
import { redis } from '../support/own-redis.js';

it('is noted by who writes it, and what a newer koalaci has written is left alone', async () => {
  expect(await schemaIn(redis)).toBe(0);
  await claimSchema(redis);
  await claimSchema(redis);
  expect(await schemaIn(redis)).toBe(SCHEMA_VERSION);
  await redis.set('koalaci:schema', SCHEMA_VERSION + 1);
  await expect(claimSchema(redis)).rejects.toThrow('a newer one has used it');
  expect(await schemaIn(redis)).toBe(SCHEMA_VERSION + 1);
});
