// What the process that packs says of a dist directory: little, whatever is in that. Pure.
import type { Cause } from '../job/ending.js';
import type { Hosting } from './hosting.js';
import { isUtf8 } from './tar-header.js';

export interface Packed {
  files: number;
  /** Bytes unpacked. */
  bytes: number;
  /** Of the archive; without one, these are not known. */
  archiveBytes?: number;
  sha256?: string;
  /** Of the list of entries, as it stands in the manifest. */
  digest: string;
}

/** The first of some names, and how many there are. */
export interface Notes {
  first: string[];
  count: number;
}

export interface Noted {
  /** Entries that were left out, each with its reason. */
  leftOut: Notes;
  /** Names that differ from another one by case or normalisation only, and names that are not UTF-8. */
  alike: Notes;
  notUtf8: Notes;
}

/** The archive is written; or the dist directory has to end the build; or something failed. */
export type PackAnswer =
  | (Noted & { packed: Packed; hosting: Hosting })
  | (Noted & { cause: Cause })
  | { error: string; isFull?: boolean };

/** As many names are said. */
const SHOWN = 20;
/** As many letters of a name are said. */
const SHOWN_LETTERS = 200;
/** Most bytes of an answer: more than the names of all notes can have, each letter of them escaped in JSON. */
export const ANSWER_BYTES = 256 * 1024;

export function noNotes(): Noted {
  const none = () => ({ first: [], count: 0 });
  return { leftOut: none(), alike: none(), notUtf8: none() };
}

/** Adds a name, with the reason for the note if there is one. */
export function note(notes: Notes, name: string, why?: string): void {
  notes.count++;
  if (notes.first.length < SHOWN) notes.first.push(why ? `${shownName(name)} (${why})` : shownName(name));
}

/** The lines that tell a user about the notes. */
export function linesOf({ leftOut, alike, notUtf8 }: Noted): string[] {
  return [
    ...leftOut.first.map((entry) => `left out of the artifact: ${entry}`),
    ...(leftOut.count > leftOut.first.length
      ? [`left out of the artifact: ${leftOut.count - leftOut.first.length} more`]
      : []),
    ...listed(
      'names that differ from others by case or normalisation only, which some systems take for the same',
      alike,
    ),
    ...listed('names that are not UTF-8, which some tools change', notUtf8),
  ];
}

/** The cause that ends the build where no file is left. */
export function nothingShipped({ leftOut: { first, count } }: Noted): Cause {
  const cause = { reason: 'dist_missing', step: 'artifact' } as const;
  if (count === 0)
    return {
      ...cause,
      message: 'the dist directory is empty',
      remedy: 'Check that the build command writes into project_dist_directory.',
    };
  const more = count === 1 ? '' : ` and ${count - 1} more`;
  return {
    ...cause,
    message: `nothing in the dist directory can be shipped: left out ${first[0]}${more}`,
    remedy: 'Copy into project_dist_directory what the links lead to.',
  };
}

function listed(what: string, { first, count }: Notes): string[] {
  const more = count > first.length ? ` and ${count - first.length} more` : '';
  return count === 0 ? [] : [`the artifact has ${what}: ${first.join(', ')}${more}`];
}

/** A name (latin1) as a line can show it: without control characters, and not all of a long one. */
export function shownName(name: string): string {
  const text = isUtf8(name) ? Buffer.from(name, 'latin1').toString() : name.replace(/[\x80-\xff]/g, escaped);
  const plain = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, escaped);
  return plain.length > SHOWN_LETTERS ? `${plain.slice(0, SHOWN_LETTERS)}…` : plain;
}

function escaped(letter: string): string {
  const code = letter.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}
