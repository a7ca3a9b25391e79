// DSSE envelopes: a text with signatures of it (https://github.com/secure-systems-lab/dsse). Pure.
import { type KeyObject, sign, verify } from 'node:crypto';
import type { PublicKey } from '../settings/signing-key.js';

export interface Envelope {
  payloadType: string;
  /** In base64. */
  payload: string;
  signatures: { keyid?: string; sig: string }[];
}

/** An envelope with the signature of one key. */
export function seal(
  payloadType: string,
  text: string,
  { id, key }: { id: string; key: KeyObject },
): Envelope {
  const payload = Buffer.from(text);
  const sig = sign(null, encoded(payloadType, payload), key).toString('base64');
  return { payloadType, payload: payload.toString('base64'), signatures: [{ keyid: id, sig }] };
}

/** The key of `keys` that has signed it; undefined if none has. The id in the envelope is a hint that anybody can write. */
export function signerOf(envelope: Envelope, keys: PublicKey[]): PublicKey | undefined {
  const signed = encoded(envelope.payloadType, Buffer.from(envelope.payload, 'base64'));
  return keys.find(({ key }) =>
    envelope.signatures.some(({ sig }) => verify(null, signed, key, Buffer.from(sig, 'base64'))),
  );
}

/** The text of an envelope, whoever signed it. */
export function textIn({ payload }: Envelope): string {
  return Buffer.from(payload, 'base64').toString();
}

/** What is signed: the pre-authentication encoding, PAE. */
export function encoded(payloadType: string, payload: Buffer): Buffer {
  const type = Buffer.from(payloadType);
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${type.length} `),
    type,
    Buffer.from(` ${payload.length} `),
    payload,
  ]);
}
