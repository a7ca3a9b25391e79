// koalaci init: stores a random secret and a token, which only their owner can read.

import { randomBytes } from 'node:crypto';
import { detectProject, isInProject } from '../detection/detect.js';
import { signToken } from '../job/claims.js';
import { KoalaError } from '../job/errors.js';
import { visible } from '../job/printable.js';
import { readConfig, writeConfig } from '../settings/config.js';
import { drawDetection } from '../ui/detection.js';
import { say } from '../ui/print.js';
import { isNothing } from './detect.js';
import { openSession } from './session.js';

export async function init(flags: { user?: string; ifMissing?: boolean; force?: boolean }): Promise<void> {
  if (flags.ifMissing && flags.force)
    throw new KoalaError('bad_input', '--force: does not go with --if-missing');
  const { settings, home } = openSession();
  if (!flags.force && readConfig(home)) {
    if (flags.ifMissing) return;
    await sayProject();
    throw new KoalaError('conflict', `there is a secret already, in ${home}`, {
      remedy: '"koalaci init --force" replaces it; tokens signed with it then stop working.',
    });
  }
  const user = flags.user ?? settings.user;
  const secret = settings.jwtSecret ?? randomBytes(48).toString('base64url');
  const file = await writeConfig(home, { secret, token: signToken(user, secret) });
  say(`a secret, and a token for ${visible(user)}, are in ${file}\n`);
  if (!flags.ifMissing) await sayProject();
}

/** Inside a project: what it is. */
async function sayProject(): Promise<void> {
  if (!isInProject('.')) return;
  const found = await detectProject('.');
  if (isNothing(found)) return;
  say(`\nthe project here, as jobs with "auto" would build it:\n${drawDetection(found).join('\n')}\n`);
}
