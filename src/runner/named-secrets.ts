// The secrets of a job by the names under which its user knows them, to be looked for in what is shipped. Pure.
import { type GitCredential, secretsIn } from '../job/credentials.js';
import type { Payload } from '../job/payload.js';
import { secretsOf, splitCredentials } from '../job/rules.js';
import { secretValues } from '../secrets/mask.js';
import { hasSecretValue, seemsSecret } from '../secrets/seems-secret.js';

export interface NamedSecret {
  name: string;
  /** Of a value of several lines, one of these. */
  value: string;
  /** Whether it seems to be a secret indeed, and not an address or a title. */
  isSecret: boolean;
}

export interface SecretSources {
  payload: Pick<Payload, 'env' | 'public_env' | 'project_repo_url'>;
  credentials: readonly GitCredential[];
  /** What builds get of the operator's secrets: passwords of proxies. */
  operator: readonly string[];
  /** Prefixes of variables that are shipped on purpose. */
  prefixes: readonly string[];
}

/** All that the job has, each once. What its public variables have is none. */
export function namedSecrets({ payload, credentials, operator, prefixes }: SecretSources): NamedSecret[] {
  const { env = {}, public_env = [], project_repo_url: url } = payload;
  const isPublic = (name: string) =>
    public_env.includes(name) || prefixes.some((one) => name.startsWith(one));
  const variables = Object.entries(env);
  const shipped = variables.filter(([name]) => isPublic(name)).map(([, value]) => value);
  const all = [
    ...variables.filter(([name]) => !isPublic(name)).flatMap(ofVariable),
    ...ofAddress(url),
    ...credentials.flatMap(ofCredential),
    ...secretValues(operator).map((value) => ({ name: "the operator's proxy", value, isSecret: true })),
  ];
  const once = new Map<string, NamedSecret>();
  for (const one of all) if (!once.has(one.value)) once.set(one.value, one);
  return [...once.values()].filter(({ value }) => !shipped.some((text) => text.includes(value)));
}

/** Of several lines, such as those of a key or a JSON file, each one speaks for itself; a key's first and last line are in any key. */
function ofVariable([name, value]: [string, string]): NamedSecret[] {
  const lines = secretValues([value]).filter((line) => !/^-----[A-Z ]+-----$/.test(line));
  const isWhole = lines[0] === value.trim();
  return lines.map((line) => ({
    name,
    value: line,
    isSecret: isWhole ? seemsSecret(name, line) : hasSecretValue(line),
  }));
}

/** A user name alone may be a token, and is in many addresses where it is none. */
function ofAddress(url: string): NamedSecret[] {
  const { password = '' } = splitCredentials(url);
  return secretValues(secretsOf(url)).map((value) => ({
    name: 'project_repo_url',
    value,
    isSecret: value === password || hasSecretValue(value),
  }));
}

function ofCredential(row: GitCredential): NamedSecret[] {
  const name = `the credential for git at ${row.host}`;
  return secretValues(secretsIn([row])).map((value) => ({
    name,
    value,
    isSecret: row.secret !== '' || hasSecretValue(value),
  }));
}
