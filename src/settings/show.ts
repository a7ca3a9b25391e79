// Shows the settings in effect to an operator. Pure.
import { type Env, givenFor } from './read.js';
import type { SettingRow } from './row.js';
import { ROWS } from './settings.js';

/** A setting in effect, as an operator would write it. */
export interface EffectiveSetting {
  name: string;
  /** Masked if it is secret; empty if there is neither a value nor a default. */
  value: string;
  /** Whether the environment sets it; otherwise `value` is the default. */
  set: boolean;
}

/** Every setting with its value in an environment, in the order of the table. */
export function effectiveSettings(env: Env): EffectiveSetting[] {
  return ROWS.map((row) => {
    const given = givenFor(row, env);
    if (given) return { name: row.name, value: masked(row, given), set: true };
    return { name: row.name, value: row.default ?? (row.defaultSays ?? '').replaceAll('`', ''), set: false };
  });
}

function masked({ secret }: SettingRow, value: string): string {
  if (secret === 'value') return MASK;
  if (secret === undefined) return value;
  // In an address, mask user and password before the @, and options after the ?.
  return value.replace(/\?.*$/s, `?${MASK}`).replace(/^(\w+:\/\/)?.*@/s, `$1${MASK}@`);
}

const MASK = '***';
