// The parameters of a build in its statement: the job without what is secret in it. Pure.
import type { Payload } from '../job/payload.js';
import { splitCredentials, withoutCredentials } from '../job/rules.js';
import { seemsSecret } from '../secrets/seems-secret.js';

/** Fields that say nothing of what is built. `env` and the key are there by their names alone. */
type Left =
  | 'env'
  | 'project_ssh_key'
  | 'project_repo_url'
  | 'project_ignore_command'
  | 'skip_ci'
  | 'artifact_url'
  | 'callback_url'
  | 'cache'
  | 'reuse'
  | 'supersede'
  | 'timeout_seconds';

/** As a job has them. */
export type Parameters = Omit<Payload, Left> & {
  project_repo_url: string;
  /** The names of the variables in `env`. */
  env?: string[];
  /** What else of the job was secret, and who builds it again has to give. */
  credentials?: ('project_ssh_key' | 'project_repo_url')[];
};

/** What a statement says of a payload. A value that looks secret, and stands in the command too, is there by its name. */
export function parametersOf(payload: Payload): Parameters {
  const { env, project_ssh_key, project_repo_url, project_ignore_command, skip_ci, ...said } = payload;
  const { artifact_url, callback_url, cache, reuse, supersede, timeout_seconds, ...rest } = said;
  const { username, password } = splitCredentials(project_repo_url);
  const credentials: Parameters['credentials'] = [
    ...(project_ssh_key === undefined ? [] : ['project_ssh_key' as const]),
    ...(password || username ? ['project_repo_url' as const] : []),
  ];
  const names = Object.keys(env ?? {}).sort();
  return {
    ...rest,
    project_repo_url: withoutCredentials(project_repo_url),
    project_build_command: withNames(rest.project_build_command, env),
    ...(names.length > 0 ? { env: names } : {}),
    ...(credentials.length > 0 ? { credentials } : {}),
  };
}

/** The command as it was, once its variables are given again. */
export function withValues(command: string, env: Record<string, string>): string {
  return command.replace(/\$\{\{env\.(\w+)\}\}/g, (whole, name: string) => env[name] ?? whole);
}

/** As short a value may stand in a command by chance. */
const LEAST_LETTERS = 4;

function withNames(command: string, env: Record<string, string> = {}): string {
  return Object.entries(env)
    .filter(([name, value]) => value.length >= LEAST_LETTERS && seemsSecret(name, value))
    .sort(([, a], [, b]) => b.length - a.length)
    .reduce((text, [name, value]) => text.replaceAll(value, () => `\${{env.${name}}}`), command);
}
