// Shows the settings: those in effect to an operator, all of them in the README. Pure.
import type { Env } from './read.js';
import type { SettingRow } from './row.js';
import { ROWS } from './settings.js';

/** A setting in effect, as an operator would write it. */
export interface EffectiveSetting {
  name: string;
  /** Masked where it is secret; empty where there is neither a value nor a default. */
  value: string;
  /** Whether the environment sets it; else it is the default. */
  set: boolean;
}

/** Every setting that is in effect in an environment, in the order of the table. */
export function effectiveSettings(env: Env): EffectiveSetting[] {
  return ROWS.map((row) => {
    const given = env[row.name];
    if (given) return { name: row.name, value: masked(row, given), set: true };
    return { name: row.name, value: row.default ?? (row.defaultSays ?? '').replaceAll('`', ''), set: false };
  });
}

/** The README's table of settings, a line a row, in Markdown. */
export function settingsTable(): string[] {
  const lines = ROWS.map((row) => `| \`${row.name}\` | ${defaultOf(row)}| ${row.says} |`);
  return ['| variable | default | |', '| --- | --- | --- |', ...lines];
}

function masked({ secret }: SettingRow, value: string): string {
  if (secret === 'value') return MASK;
  if (secret === undefined) return value;
  // An address: hides user and password before the @, and options after the ?.
  return value.replace(/\?.*$/s, `?${MASK}`).replace(/^(\w+:\/\/)?.*@/s, `$1${MASK}@`);
}

function defaultOf({ default: fixed, defaultSays }: SettingRow): string {
  const shown = defaultSays ?? (fixed === undefined ? '' : `\`${fixed}\``);
  return shown === '' ? '' : `${shown} `;
}

const MASK = '***';
