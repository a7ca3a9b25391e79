// What a setting is: one row of the table.
import type { Parse } from './parsers.js';

export interface SettingRow {
  name: string;
  /** A second name, which counts first: tools read some variables of theirs in lower case. */
  also?: string;
  parse: Parse<unknown>;
  /** As an operator would write it. Without a default, the value of an unset variable is undefined. */
  default?: string;
  /** Markdown for the README in place of `default`, for a default that is not one fixed value. */
  defaultSays?: string;
  /** What it sets, in Markdown, for the README. */
  says: string;
  /** What to mask when the setting is shown: the whole value, or the credentials in an address. */
  secret?: 'value' | 'password';
  /** Useless inside the daemon's container, so compose.yml does not pass it on. */
  hostOnly?: true;
}
