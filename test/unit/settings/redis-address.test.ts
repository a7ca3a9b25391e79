import { expect, it } from 'vitest';
import { canonicalRedis } from '../../../src/settings/redis-address.js';

it.each([
  ['redis://example.com', 'example.com:6379/0'],
  ['redis://Example.COM:6379/0', 'example.com:6379/0'],
  ['rediss://ann:s3cret@example.com/', 'example.com:6379/0'],
  ['redis://example.com?family=6', 'example.com:6379/0'],
  ['redis://example.com:6380', 'example.com:6380/0'],
  ['redis://example.com/2', 'example.com:6379/2'],
  ['redis://example.com?db=2', 'example.com:6379/2'],
  ['redis://localhost', 'localhost:6379/0'],
  ['redis://127.0.0.1', 'localhost:6379/0'],
  ['redis://[::1]:6379', 'localhost:6379/0'],
  ['unix:///run/redis.sock', '/run/redis.sock/0'],
  ['unix:///run/redis.sock?db=1', '/run/redis.sock/1'],
])('%s is %s', (url, canonical) => {
  expect(canonicalRedis(url)).toBe(canonical);
});
