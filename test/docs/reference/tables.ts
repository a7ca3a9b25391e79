// The tables of the reference, each from the table or the schema by which koalaci works. Pure.
import { ENDINGS, REASONS } from '../../../src/job/ending.js';
import { EXIT_CODES } from '../../../src/job/exit-codes.js';
import { Payload } from '../../../src/job/payload.js';
import { FIELD_WORDS } from '../../../src/job/payload-fields.js';
import { ROWS } from '../../../src/settings/settings.js';

/** By the name of their place. */
export const TABLES: Readonly<Record<string, () => string>> = {
  job: () => fields((isOptional) => !isOptional),
  'job-options': () => fields((isOptional) => isOptional),
  reasons: () =>
    table(
      ['reason', 'status', 'whose fault', 'exit code', 'what it means'],
      REASONS.map((reason) => {
        const { status, fault, exit, means } = ENDINGS[reason];
        return [code(reason), status, fault ?? 'nobody', String(exit), means];
      }),
    ),
  'exit-codes': () => table(['exit code', 'what it means'], Object.entries(EXIT_CODES)),
  settings: () =>
    table(
      ['variable', 'default', ''],
      ROWS.map((row) => [code(row.name), row.defaultSays ?? code(row.default ?? ''), row.says]),
    ),
};

/** A table in Markdown. */
export function table(heading: string[], rows: string[][]): string {
  return [heading, heading.map(() => '---'), ...rows].map(line).join('\n');
}

/** A word as code, if there is one. */
export function code(word: string): string {
  return word && `\`${word}\``;
}

function line(cells: string[]): string {
  return `| ${cells.map((cell) => (cell ? `${escaped(cell)} ` : '')).join('| ')}|`;
}

/** Outside of code, what Markdown would take for a tag. */
function escaped(cell: string): string {
  return cell.replace(/(`[^`]*`)|<(?=\w)/g, (_, asCode) => asCode ?? '&lt;').replaceAll('|', '\\|');
}

function fields(wanted: (isOptional: boolean) => boolean): string {
  const shape = Payload.shape as Record<string, { isOptional(): boolean }>;
  const rows = Object.entries(FIELD_WORDS)
    .filter(([field]) => wanted(shape[field]?.isOptional() ?? false))
    .map(([field, { flags, says }]) => [code(field), flags, says]);
  return table(['field', 'flag', 'rule'], rows);
}
