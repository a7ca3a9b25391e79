// Reads the settings from a given environment. Pure.
import { KoalaError } from '../job/errors.js';
import { nearest } from '../job/nearest.js';
import type { SettingRow } from './row.js';
import { ROWS, SETTINGS, type Settings } from './settings.js';

export type Env = Readonly<Record<string, string | undefined>>;

/**
 * All settings; an empty variable counts as unset.
 * @throws KoalaError `bad_input` for an unknown `KOALACI_*` variable or an invalid value; it names the variable
 */
export function readSettings(env: Env): Settings {
  const { settings, problems } = inspectSettings(env);
  if (problems[0]) throw problems[0];
  return settings;
}

/** Like readSettings(), but returns all problems instead of throwing the first. Defaults replace invalid values. */
export function inspectSettings(env: Env): { settings: Settings; problems: KoalaError[] } {
  const problems = unknownNames(env).map(unknownSetting);
  const read = (row: SettingRow) => {
    try {
      return valueIn(row, givenFor(row, env));
    } catch (error) {
      if (!(error instanceof KoalaError)) throw error;
      problems.push(error);
      return valueIn(row, undefined);
    }
  };
  const values = Object.entries(SETTINGS).map(([key, row]) => [key, read(row)]);
  return { settings: Object.fromEntries(values) as Settings, problems };
}

/** What an environment says about a setting; empty or undefined if it does not set it. */
export function givenFor({ name, also }: SettingRow, env: Env): string | undefined {
  return (also && env[also]) || env[name];
}

function valueIn(row: SettingRow, given: string | undefined): unknown {
  const text = given || row.default;
  return text === undefined ? undefined : row.parse(row.name, text);
}

/** Only names with our prefix: the others may belong to other programs. */
function unknownNames(env: Env): string[] {
  const known = new Set(ROWS.map(({ name }) => name));
  return Object.keys(env).filter((name) => name.startsWith(PREFIX) && env[name] && !known.has(name));
}

function unknownSetting(name: string): KoalaError {
  const stem = name.slice(PREFIX.length);
  const found = nearest(stem, STEMS);
  const hint = found === undefined ? '' : `; did you mean ${PREFIX}${found}?`;
  return new KoalaError('bad_input', `${name} is not a setting${hint}`, {
    remedy: `Correct or unset it; "koalaci help environment" lists every setting.`,
  });
}

const PREFIX = 'KOALACI_';
const STEMS = ROWS.flatMap(({ name }) => (name.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : []));
