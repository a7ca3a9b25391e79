// koalaci init: stores a random secret, a token and a signing key, which only their owner can read.

import { randomBytes } from 'node:crypto';
import { detectProject, isInProject } from '../detection/detect.js';
import { signToken } from '../job/claims.js';
import { KoalaError } from '../job/errors.js';
import { visible } from '../job/printable.js';
import { type Config, configFile, readConfig, writeConfig } from '../settings/config.js';
import { keepPublicKey, newSigningKey, privateKeyOf, publicKeyOf } from '../settings/signing-key.js';
import { drawDetection } from '../ui/detection.js';
import { columnsOf } from '../ui/paint.js';
import { say } from '../ui/print.js';
import { isNothing } from './detect.js';
import { openSession, type Session } from './session.js';

export async function init(flags: { user?: string; ifMissing?: boolean; force?: boolean }): Promise<void> {
  if (flags.ifMissing && flags.force)
    throw new KoalaError('bad_input', '--force: does not go with --if-missing');
  const session = openSession();
  const stored = readConfig(session.home);
  if (stored && !flags.force) {
    // An earlier version stored no signing key.
    if (!stored.signing_key) return say(`a signing key is in ${await store(session, stored)} now\n`);
    if (flags.ifMissing) return;
    say(
      `a secret, and a token, are in ${configFile(session.home)} already: "koalaci run ." builds a project\n`,
    );
    say('"koalaci init --force" replaces them; tokens signed with the secret then stop working\n');
    return sayProject();
  }
  const user = flags.user ?? session.settings.user;
  const secret = session.settings.jwtSecret ?? randomBytes(48).toString('base64url');
  const file = await store(session, { secret, token: signToken(user, secret) });
  say(`a secret, and a token for ${visible(user)}, are in ${file}\n`);
  if (!flags.ifMissing) await sayProject();
}

/** Stores them with a signing key, whose public key says where it is. Returns the file. */
async function store({ settings, home }: Session, config: Config): Promise<string> {
  const signing_key = settings.signingKey ?? newSigningKey();
  const file = await writeConfig(home, { ...config, signing_key });
  keepPublicKey(home, publicKeyOf(privateKeyOf(signing_key)));
  return file;
}

/** Inside a project: what it is. */
async function sayProject(): Promise<void> {
  if (!isInProject('.')) return;
  const found = await detectProject('.');
  if (isNothing(found)) return;
  say(
    `\nthe project here, as jobs with "auto" would build it:\n${drawDetection(found, columnsOf(process.stderr)).join('\n')}\n`,
  );
}
