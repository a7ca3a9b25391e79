import { createPrivateKey, createPublicKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { encoded, seal, signerOf, textIn } from '../../../src/provenance/dsse.js';
import { newSigningKey, privateKeyOf, publicKeyOf } from '../../../src/settings/signing-key.js';

/** RFC 8032, 7.1, test 1: the seed, behind the head that PKCS#8 puts before it. */
const SEED = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
const key = createPrivateKey({
  key: Buffer.from(`302e020100300506032b657004220420${SEED}`, 'hex'),
  format: 'der',
  type: 'pkcs8',
});
const { id, key: publicKey } = publicKeyOf(key);
const TYPE = 'http://example.com/HelloWorld';

describe('an envelope', () => {
  it('signs type and text by their lengths, as the protocol has it in its example', () => {
    expect(encoded(TYPE, Buffer.from('hello world')).toString()).toBe(
      'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
    );
  });

  it('counts bytes, not letters', () => {
    expect(encoded('ü', Buffer.from('é')).toString()).toBe('DSSEv1 2 ü 2 é');
  });

  it('has what another program of that key signs, byte for byte', () => {
    // Made with openssl pkeyutl -sign -rawin, from the text above.
    expect(seal(TYPE, 'hello world', { id, key })).toEqual({
      payloadType: TYPE,
      payload: 'aGVsbG8gd29ybGQ=',
      signatures: [
        {
          keyid: id,
          sig: '4DHX3Zn4qpBKvEj7maE8O9u9bjXEnPLLnyXVUJ2PXJR8DSLcL3QDpFvfJOj3pB/SPHsl6Jg4boxsMb6KvuYABw==',
        },
      ],
    });
  });

  it('is of the key that has signed it, whichever the envelope names, and of no other', () => {
    const envelope = seal(TYPE, 'hello', { id, key });
    const other = publicKeyOf(privateKeyOf(newSigningKey()));
    const own = { id, key: createPublicKey(publicKey.export({ format: 'pem', type: 'spki' })) };
    expect(signerOf(envelope, [other, own])?.id).toBe(id);
    expect(signerOf(envelope, [other])).toBeUndefined();
    const renamed = {
      ...envelope,
      signatures: [{ keyid: other.id, sig: envelope.signatures[0]?.sig ?? '' }],
    };
    expect(signerOf(renamed, [other])).toBeUndefined();
    expect(textIn(envelope)).toBe('hello');
  });

  it.each([
    ['its text', { payload: Buffer.from('hellp').toString('base64') }],
    ['its type', { payloadType: 'text/html' }],
    ['its signature', { signatures: [{ keyid: id, sig: Buffer.alloc(64).toString('base64') }] }],
    ['all signatures', { signatures: [] }],
  ])('is nobody’s once %s is another one', (_, change) => {
    expect(
      signerOf({ ...seal(TYPE, 'hello', { id, key }), ...change }, [{ id, key: publicKey }]),
    ).toBeUndefined();
  });
});
