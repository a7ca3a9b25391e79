// The public keys that this installation trusts.
import { findSigningKey } from '../settings/config.js';
import { keptPublicKeys, type PublicKey, privateKeyOf, publicKeyOf } from '../settings/signing-key.js';
import type { Session } from './session.js';

/** That of its own key, and those that it keeps. */
export function trustedKeys({ settings, home }: Pick<Session, 'settings' | 'home'>): PublicKey[] {
  const own = findSigningKey(home, settings.signingKey);
  return [...(own ? [publicKeyOf(privateKeyOf(own))] : []), ...keptPublicKeys(home)];
}
