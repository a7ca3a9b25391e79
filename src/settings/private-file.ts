// Reads files of the operator's that may hold secrets.
import { open } from 'node:fs/promises';
import { KoalaError } from '../job/errors.js';
import { systemWords } from '../job/system-words.js';

/**
 * The text of a file that nobody but its owner may read. `name` says in messages what names it.
 * @throws KoalaError `environment` when it cannot be read, or may be read by others
 */
export async function readPrivate(path: string, name: string): Promise<string> {
  try {
    await using file = await open(path);
    const { mode } = await file.stat();
    if ((mode & 0o077) === 0) return await file.readFile('utf8');
  } catch (cause) {
    throw new KoalaError('environment', `${name}: ${path} cannot be read: ${systemWords(cause)}`, {
      remedy: `Correct the path, or let this user read the file.`,
      cause,
    });
  }
  throw new KoalaError('environment', `${name}: ${path} may be read by others`, {
    remedy: `Type: chmod 600 ${path}`,
  });
}

/**
 * The rows of such a file, which is a list in JSON; `row` is an example of one. Pure.
 * @param unfit makes the error where it is none
 */
export function rowsIn(json: string, row: string, unfit: (problem: string) => KoalaError): unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // Not the parser's own words: they quote the file.
    throw unfit('is not JSON');
  }
  if (Array.isArray(value)) return value;
  throw unfit(`must be a list of rows: [${row}]`);
}
