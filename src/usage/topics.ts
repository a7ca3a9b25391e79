// What "koalaci help <topic>" explains, from the tables that koalaci works by. Pure.
import { ENDINGS, REASONS } from '../job/ending.js';
import { EXIT_CODES } from '../job/exit-codes.js';
import { FIELD_WORDS } from '../job/payload-fields.js';
import { ROWS } from '../settings/settings.js';

export interface Topic {
  /** A sentence or two about all of it. */
  says: string;
  /** Terms, each with what it means. */
  entries: [term: string, means: string][];
}

/** The topics, by name. */
export const TOPICS: Readonly<Record<string, () => Topic>> = {
  'exit-codes': () => ({
    says: 'The exit code of a command. One that waits for a deployment ends with the code of its ending.',
    entries: Object.entries(EXIT_CODES),
  }),
  environment: () => ({
    says: 'The settings, each an environment variable. "koalaci config" shows those in effect.',
    entries: ROWS.map((row) => [row.name, plain(`${row.says}${byDefault(row.defaultSays ?? row.default)}`)]),
  }),
  payload: () => ({
    says: 'The fields of a job: of a JSON file, of standard input, or of a POST /job. A flag wins over the file.',
    entries: Object.entries(FIELD_WORDS).map(([field, { flags, says }]) => [
      field,
      plain(flags ? `${says} (${flags})` : says),
    ]),
  }),
  reasons: () => ({
    says: 'Why a deployment ended as ERROR or CANCELED, and whose fault that is.',
    entries: REASONS.map((reason) => [
      reason,
      `${ENDINGS[reason].fault ?? 'nobody'}: ${ENDINGS[reason].means}`,
    ]),
  }),
};

function byDefault(shown: string | undefined): string {
  return shown ? ` (default: ${shown})` : '';
}

/** Markdown as a terminal shows it: without the marks of code, and links by their names. */
function plain(markdown: string): string {
  return markdown.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '');
}
