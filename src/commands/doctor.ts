// koalaci doctor: checks all that can be wrong on this machine, with the remedy.
import { examine } from '../doctor.js';
import { KoalaError } from '../job/errors.js';
import { drawFindings } from '../ui/findings.js';
import { authenticate, home, image, withRedis } from './session.js';

export async function doctor(flags: { token?: string; json?: boolean }): Promise<void> {
  const findings = await examine({
    env: process.env,
    home: home(),
    image: image(),
    authenticate: () => authenticate(flags),
    pingRedis: () => withRedis(async (redis) => `answers: ${await redis.ping()}`),
  });
  process.stdout.write(
    flags.json ? `${JSON.stringify(findings)}\n` : `${drawFindings(findings).join('\n')}\n`,
  );
  const wrong = findings.filter(({ level }) => level === 'error').length;
  if (wrong > 0) throw new KoalaError('environment', `${wrong} of ${findings.length} checks failed`);
}
