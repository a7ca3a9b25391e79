// What the doctor looks at of the service: secrets, keys, certificates, targets, and whether the settings fit together.
import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { SECRET_BYTES } from '../job/claims.js';
import { messageOf } from '../job/errors.js';
import { showDuration } from '../job/quantity.js';
import { readExtraCa } from '../settings/ca.js';
import { findSigningKey } from '../settings/config.js';
import { readCredentials } from '../settings/credentials.js';
import { privateKeyOf, publicKeyOf } from '../settings/signing-key.js';
import { type Examination, type Finding, problem, quoted } from './finding.js';

const NEW_SECRET = '"$(openssl rand -hex 32)"';

/** Those by which anybody who guesses them is every user. */
export function lookAtSecrets({ secret, settings }: Examination): Finding[] {
  const secrets = {
    [settings.jwtSecret ? 'JWT_SECRET' : 'the stored secret']: secret,
    KOALACI_CALLBACK_SECRET: settings.callbackSecret,
  };
  const given = Object.entries(secrets).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value }],
  );
  const short = given.filter(({ value }) => Buffer.byteLength(value) < SECRET_BYTES);
  if (short.length === 0)
    return [
      {
        check: 'secret',
        level: 'ok',
        found: given.length > 0 ? `${given.map(({ name }) => name).join(', ')}: long enough` : 'none',
      },
    ];
  return short.map(({ name }) => ({
    ...{
      check: 'secret',
      level: 'warning',
      found: `${name} has fewer than ${SECRET_BYTES} bytes: it can be guessed`,
    },
    remedy:
      'Make another one, the same on all machines. Tokens that were signed with the old one stop working.',
    commands: [name.startsWith('the ') ? 'koalaci init --force' : `export ${name}=${NEW_SECRET}`],
  }));
}

const SOON_MS = 14 * 86_400_000;

export async function lookAtCertificates({ settings }: Examination): Promise<Finding[]> {
  const pem = await readExtraCa(settings);
  if (!pem) return [{ check: 'certificates', level: 'ok', found: 'no extra CA bundle' }];
  const file = settings.extraCaCerts || settings.nodeExtraCaCerts || '';
  return certificateFindings(pem, { file, now: Date.now() });
}

/** Which certificates of a bundle are not valid, or not for long. Pure. */
export function certificateFindings(pem: string, { file, now }: { file: string; now: number }): Finding[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  const all = blocks.map((block) => {
    try {
      const { subject, validTo } = new X509Certificate(block);
      return { name: subject.split('\n').at(-1) ?? subject, until: Date.parse(validTo) };
    } catch {
      return { name: 'one that cannot be read', until: Number.NEGATIVE_INFINITY };
    }
  });
  const old = all.filter(({ until }) => until < now + SOON_MS);
  // Bundles of systems have some old ones, which nobody uses any more.
  if (old.length < all.length)
    return [
      {
        check: 'certificates',
        level: 'ok',
        found: `builds trust an extra CA bundle of ${all.length}, ${old.length} of them expired`,
      },
    ];
  return [
    {
      ...{ check: 'certificates', level: 'warning' },
      found: `no certificate in ${file} is valid for two more weeks: ${old.map(({ name }) => name).join(', ')}`,
      remedy: 'Get a new one from who runs the CA.',
      commands: [`openssl x509 -noout -subject -enddate -in ${quoted(file)}`],
    },
  ];
}

export async function lookAtCredentials({ settings }: Examination): Promise<string> {
  const { credentials } = await readCredentials(settings.credentials);
  return credentials.length > 0 ? `${credentials.length} rows for git servers` : 'none for git servers';
}

export function lookAtSigningKey({ settings, home }: Examination): Finding[] {
  const key = findSigningKey(home, settings.signingKey);
  if (key) return [{ check: 'signing', level: 'ok', found: publicKeyOf(privateKeyOf(key)).id }];
  const remedy = 'Make one with "koalaci init", or set KOALACI_SIGNING_KEY to that of your other machines.';
  const found = 'none: artifacts have no provenance';
  return [{ check: 'signing', level: 'warning', found, remedy, commands: ['koalaci init'] }];
}

/** One finding for each target. */
export async function lookAtTargets({ targets, home }: Examination): Promise<Finding[]> {
  const opened = await targets();
  if (opened.length === 0) return [{ check: 'targets', level: 'ok', found: 'none: artifacts are only kept' }];
  const looked = opened.map(async ({ target, branches, keep }): Promise<Finding> => {
    const site = branches ? `the site is ${branches.join(', ')}` : 'the site is the default branch';
    try {
      const found = `${target.name}: ${await target.check(join(home, 'objects'))}; ${site}; ${keep} kept`;
      return { check: 'targets', level: 'ok', found };
    } catch (error) {
      const { found, ...rest } = problem('targets', error, editTargets({ home }));
      return { ...rest, found: found.includes(target.name) ? found : `${target.name}: ${found}` };
    }
  });
  return Promise.all(looked);
}

/** The command with which an operator corrects the targets. */
export function editTargets({ home }: Pick<Examination, 'home'>): string[] {
  return [`"\${EDITOR:-vi}" "\${KOALACI_TARGETS:-${home}/targets.json}"`];
}

/** Limits of which one never counts, because another one comes first. */
export function lookAtLimits({ settings }: Examination): Finding[] {
  const { silence, timeout, engineTimeout, outputLimit, logLimit, userLogs, artifactLimit, userArtifacts } =
    settings;
  const rows = [
    {
      is: silence >= timeout,
      name: 'KOALACI_SILENCE',
      than: 'KOALACI_TIMEOUT',
      value: `${Math.ceil(timeout / 3000)}s`,
    },
    { is: engineTimeout >= timeout, name: 'KOALACI_ENGINE_TIMEOUT', than: 'KOALACI_TIMEOUT', value: '2m' },
    { is: logLimit > outputLimit, name: 'KOALACI_LOG_LIMIT', than: 'KOALACI_OUTPUT_LIMIT', value: '16m' },
    { is: logLimit > userLogs, name: 'KOALACI_LOG_LIMIT', than: 'KOALACI_USER_LOGS', value: '16m' },
    {
      is: artifactLimit > userArtifacts,
      name: 'KOALACI_ARTIFACT_LIMIT',
      than: 'KOALACI_USER_ARTIFACTS',
      value: '1g',
    },
  ];
  const wrong = rows.filter(({ is }) => is);
  if (wrong.length === 0)
    return [
      {
        check: 'limits',
        level: 'ok',
        found: `a build has ${showDuration(timeout)}, and ${showDuration(silence)} without output`,
      },
    ];
  return wrong.map(({ name, than, value }) => ({
    ...{ check: 'limits', level: 'warning', found: `${name} is not below ${than}: it never counts` },
    remedy: 'Lower it.',
    commands: [`export ${name}=${value}`],
  }));
}

/** The last finding carries the list of settings, whether or not any of them is wrong. */
export function lookAtSettings({ problems, effective }: Examination): Finding[] {
  const set = effective.filter((setting) => setting.set).length;
  const found = `${set} of ${effective.length} are set here, the others have their defaults`;
  const wrong = problems.map((error) => {
    const [name = ''] = /^\w+/.exec(messageOf(error)) ?? [];
    return problem('settings', error, name ? [`unset ${name}`] : []);
  });
  const last: Finding = wrong.pop() ?? { check: 'settings', level: 'ok', found };
  return [...wrong, { ...last, settings: effective }];
}
