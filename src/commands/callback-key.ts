// koalaci callback-key: prints the key with which a user's callbacks are signed, for whoever receives them.

import { KoalaError } from '../job/errors.js';
import { callbackKey } from '../outbound/signature.js';
import { print } from '../ui/print.js';
import { openSession } from './session.js';

export async function printCallbackKey(flags: { user?: string }): Promise<void> {
  const { settings } = openSession();
  if (settings.callbackSecret === undefined) {
    throw new KoalaError('bad_input', 'KOALACI_CALLBACK_SECRET is not set: callbacks have no keys', {
      remedy: 'Set it to the one that the daemon has.',
    });
  }
  print(`${callbackKey(settings.callbackSecret, flags.user ?? settings.user)}\n`);
}
