// What every command begins with: the settings and the data directory. The environment is read here and nowhere else.
import { useDockerCommand } from '../docker/command.js';
import type { KoalaError } from '../job/errors.js';
import { koalaHome } from '../settings/home.js';
import { type Env, inspectSettings } from '../settings/read.js';
import type { Settings } from '../settings/settings.js';

export interface Session {
  settings: Settings;
  /** The data directory. */
  home: string;
  /** For `--env NAME`, which gives a variable of the shell to a job. */
  env: Env;
}

/**
 * Reads the settings, once for the command.
 * @throws KoalaError `bad_input` for an unknown setting, or a value that does not fit
 */
export function openSession(): Session {
  const { problems, ...session } = inspectSession();
  if (problems[0]) throw problems[0];
  return session;
}

/** As openSession(), but returns the problems. The default replaces a value that does not fit. */
export function inspectSession(): Session & { problems: KoalaError[] } {
  const { env } = process;
  const { settings, problems } = inspectSettings(env);
  useDockerCommand(settings.docker);
  return { settings, home: koalaHome(settings), env, problems };
}
