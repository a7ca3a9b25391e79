// What a setting is: one row of the table.
import type { Parse } from './parsers.js';

export interface SettingRow {
  name: string;
  parse: Parse<unknown>;
  /** In the form in which an operator would write it; without one, an unset variable is undefined. */
  default?: string;
  /** Instead of `default` in the README, in Markdown, where a fixed text would not say it. */
  defaultSays?: string;
  says: string;
  /** What is hidden when the setting is shown: the whole value, or the password in an address. */
  secret?: 'value' | 'password';
  /** Of no use inside the daemon's container: compose.yml does not pass it on. */
  hostOnly?: true;
}
