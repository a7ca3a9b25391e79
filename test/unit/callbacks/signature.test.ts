import { expect, it } from 'vitest';
import { sign } from '../../../src/callbacks/signature.js';

it('a callback is signed over its time and its body', () => {
  // printf '1700000000.{}' | openssl dgst -sha256 -hmac secret
  expect(sign('secret', '1700000000', '{}')).toBe(
    'b8569b78799ff9e3cbff0fc2d63a33a2b57f3282abd07c37ae5e8e7d79a5f163',
  );
});
