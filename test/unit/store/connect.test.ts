import { expect, it } from 'vitest';
import { connect } from '../../../src/store/connect.js';

// Nothing listens on port 1, nor on a socket that is not there.
it.each([
  ['redis://ann:s3cret@127.0.0.1:1', 'redis://127.0.0.1:1'],
  ['redis://ann:x@s3cret@127.0.0.1:1', 'redis://127.0.0.1:1'],
  ['redis://127.0.0.1:1?password=s3cret', 'redis://127.0.0.1:1'],
  ['unix:///nowhere/redis.sock?password=s3cret', 'unix:///nowhere/redis.sock'],
])('says where Redis does not answer, without the password: %s', async (url, shown) => {
  await expect(connect({ url })).rejects.toMatchObject({
    kind: 'environment',
    message: `Redis does not answer at ${shown}`,
  });
});
