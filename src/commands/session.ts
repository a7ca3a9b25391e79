// What every command starts with: the settings and the data directory. Settings are read only here.
import { useDocker } from '../docker/command.js';
import type { KoalaError } from '../job/errors.js';
import type { InstallationId } from '../job/identity.js';
import { koalaHome } from '../settings/home.js';
import { installationId } from '../settings/installation.js';
import { type Env, inspectSettings, readSettings } from '../settings/read.js';
import type { Settings } from '../settings/settings.js';

export interface Session {
  settings: Settings;
  /** The data directory. */
  home: string;
  /** The environment, from which `--env NAME` takes a variable for a job. */
  env: Env;
}

/**
 * Reads the settings, once for the command.
 * @throws KoalaError `bad_input` for an unknown setting or an invalid value
 */
export function openSession(): Session {
  return sessionWith(readSettings(process.env));
}

/** Like openSession(), but returns the problems. An invalid value is replaced by the default. */
export function inspectSession(): Session & { problems: KoalaError[] } {
  const { settings, problems } = inspectSettings(process.env);
  return { ...sessionWith(settings), problems };
}

/** The id of this installation. The first call creates it in the data directory. */
export function installationOf({ settings, home }: Session): InstallationId {
  return installationId(home, settings.redisUrl ?? settings.redisHost);
}

function sessionWith(settings: Settings): Session {
  useDocker({ command: settings.docker, patienceMs: settings.engineTimeout });
  return { settings, home: koalaHome(settings), env: process.env };
}
