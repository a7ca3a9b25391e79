// koalaci doctor: checks this machine, says how to fix what is wrong, and shows the settings.

import { examine, type Finding } from '../doctor.js';
import { KoalaError, messageOf } from '../job/errors.js';
import { printableJson } from '../job/printable.js';
import { effectiveSettings } from '../settings/show.js';
import { drawFindings } from '../ui/findings.js';
import { print } from '../ui/print.js';
import { authenticate, type TokenFlag } from './authenticate.js';
import { artifactsAtHome, targetSettings } from './build-settings.js';
import { withRedis } from './redis.js';
import { inspectSession, type Session } from './session.js';

export async function doctor(flags: TokenFlag & { json?: boolean; deep?: boolean }): Promise<void> {
  const session = inspectSession();
  const findings = await examine({
    ...session,
    effective: effectiveSettings(session.env),
    targets: targetSettings(session).open,
    authenticate: () => authenticate(session, flags),
    pingRedis: () => withRedis(session, async (redis) => `answers: ${await redis.ping()}`),
  });
  if (flags.deep) findings.push(...(await lookDeeper(session)));
  print(flags.json ? `${printableJson(findings)}\n` : `${drawFindings(findings).join('\n')}\n`);
  const wrong = findings.filter(({ level }) => level === 'error').length;
  if (wrong > 0) throw new KoalaError('environment', `${wrong} of ${findings.length} checks failed`);
}

/** Whether what is on the disk and what Redis says of it agree. */
async function lookDeeper(session: Session): Promise<Finding[]> {
  const { deepCheck } = await import('../archives/deep-check.js');
  try {
    return await withRedis(session, (redis) => deepCheck(redis, artifactsAtHome(session)));
  } catch (error) {
    return [{ check: 'deep', level: 'error', found: messageOf(error) }];
  }
}
