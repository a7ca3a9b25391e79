import { expect, it } from 'vitest';
import { connect } from '../../../src/store/connect.js';

// Nothing listens on port 1, nor on a socket that is not there.
it.each([
  ['redis://ann:s3cret@127.0.0.1:1', 'redis://127.0.0.1:1: nothing listens there'],
  ['redis://ann:x@s3cret@127.0.0.1:1', 'redis://127.0.0.1:1: nothing listens there'],
  ['redis://127.0.0.1:1?password=s3cret', 'redis://127.0.0.1:1: nothing listens there'],
  ['unix:///nowhere/redis.sock?password=s3cret', 'unix:///nowhere/redis.sock: there is no such socket'],
  ['redis://x:s3cret@no-such-host.invalid', 'redis://no-such-host.invalid: its host name is not known'],
])('says where Redis does not answer, without the password: %s', async (url, shown) => {
  await expect(connect({ url })).rejects.toMatchObject({
    kind: 'environment',
    message: `Redis does not answer at ${shown}`,
  });
});
