// Every setting: one table, and the type that follows from it. To add a setting is to add a row to one of its three parts;
// the unit tests then print what README.md and compose.yml lack.
import { BUILD_ROWS } from './build-rows.js';
import { MACHINE_ROWS } from './machine-rows.js';
import type { SettingRow } from './row.js';
import { SERVICE_ROWS } from './service-rows.js';

/** In the order of the README. */
export const SETTINGS = { ...SERVICE_ROWS, ...BUILD_ROWS, ...MACHINE_ROWS };

/** All rows, for what treats them alike. */
export const ROWS: readonly SettingRow[] = Object.values(SETTINGS);

type Table = typeof SETTINGS;

/** The values, as each row's `parse` gives them: `settings.memory` in bytes, `settings.timeout` in milliseconds. */
export type Settings = { readonly [Key in keyof Table]: Value<Table[Key]> };

type Value<Row extends SettingRow> =
  | ReturnType<Row['parse']>
  | (Row extends { default: string } ? never : undefined);
