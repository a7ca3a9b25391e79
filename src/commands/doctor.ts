// koalaci doctor: checks this machine, says how to fix what is wrong, and shows the settings. koalaci upgrade-check: those of its checks that an
// upgrade is about.
import { availableParallelism } from 'node:os';
import { examine, UPGRADE } from '../doctor/examine.js';
import type { Examination, Finding } from '../doctor/finding.js';
import { KoalaError, messageOf } from '../job/errors.js';
import { printableJson } from '../job/printable.js';
import { parseCount } from '../job/quantity.js';
import { effectiveSettings } from '../settings/show.js';
import { drawFindings } from '../ui/findings.js';
import { columnsOf } from '../ui/paint.js';
import { print } from '../ui/print.js';
import { authenticate, findSecret, type TokenFlag } from './authenticate.js';
import { artifactsAtHome, targetSettings } from './build-settings.js';
import { withRedis } from './redis.js';
import { inspectSession, installationOf, type Session } from './session.js';
import { koalaciDirectory, koalaciVersion } from './version.js';

interface DoctorFlags extends TokenFlag {
  json?: boolean;
  deep?: boolean;
  concurrency?: string;
}

export async function doctor(flags: DoctorFlags): Promise<void> {
  const session = inspectSession();
  const findings = await examine(examinationOf(session, flags));
  if (flags.deep) findings.push(...(await lookDeeper(session)));
  report(findings, flags);
}

export async function upgradeCheck(flags: { json?: boolean }): Promise<void> {
  report(await examine(examinationOf(inspectSession(), {}), UPGRADE), flags);
}

function examinationOf(session: ReturnType<typeof inspectSession>, flags: DoctorFlags): Examination {
  const { concurrency } = flags;
  return {
    ...session,
    effective: effectiveSettings(session.env),
    installation: installationOf(session),
    secret: secretIn(session),
    concurrency:
      concurrency === undefined ? availableParallelism() : parseCount('--concurrency', concurrency),
    code: { directory: koalaciDirectory(), version: koalaciVersion() },
    targets: targetSettings(session).open,
    authenticate: () => authenticate(session, flags),
    withRedis: (use) => withRedis(session, use),
  };
}

/** The check of the token says what is wrong with the configuration. */
function secretIn(session: Session): string | undefined {
  try {
    return findSecret(session);
  } catch {
    return undefined;
  }
}

/** @throws KoalaError `environment` if anything is wrong, after all of it was printed */
function report(findings: Finding[], { json }: { json?: boolean }): void {
  print(
    json
      ? `${printableJson(findings)}\n`
      : `${drawFindings(findings, columnsOf(process.stdout)).join('\n')}\n`,
  );
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
