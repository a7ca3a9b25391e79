// The table of all settings, and the type derived from it. To add a setting, add a row to one of the five parts of the
// table; the unit tests then print what README.md and compose.yml lack.
import { ARTIFACT_ROWS } from './artifact-rows.js';
import { BUILD_ROWS } from './build-rows.js';
import { MACHINE_ROWS } from './machine-rows.js';
import { REUSE_ROWS } from './reuse-rows.js';
import type { SettingRow } from './row.js';
import { SERVICE_ROWS } from './service-rows.js';

/** In the order of the README. */
export const SETTINGS = { ...SERVICE_ROWS, ...BUILD_ROWS, ...ARTIFACT_ROWS, ...REUSE_ROWS, ...MACHINE_ROWS };

/** All rows as a list. */
export const ROWS: readonly SettingRow[] = Object.values(SETTINGS);

type Table = typeof SETTINGS;

/** The values that each row's `parse` returns: `settings.memory` in bytes, `settings.timeout` in milliseconds. */
export type Settings = { readonly [Key in keyof Table]: Value<Table[Key]> };

type Value<Row extends SettingRow> =
  | ReturnType<Row['parse']>
  | (Row extends { default: string } ? never : undefined);
