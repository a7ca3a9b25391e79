// Reads a tool's last words: the lines of an output, and what names a host, a package or an error in them. Pure.
import { stripVTControlCharacters } from 'node:util';

const MOST_SHOWN = 160;
/** A full disk, as Node.js says it; ENOSPC alone may be about something else, such as watched files. */
export const NO_SPACE = /\bENOSPC: no space left on device/;

/**
 * The lines of an output as a reader sees them: without colours, and each state of a progress bar a line of its own. pnpm writes
 * thin spaces.
 */
export function linesOf(output: string): string[] {
  return stripVTControlCharacters(output)
    .replaceAll('\u2009', ' ')
    .split(/\r?\n|\r/);
}

/** The lines without blank ones at their end. */
export function trimEnd(lines: readonly string[]): string[] {
  return lines.slice(0, lines.findLastIndex((line) => line.trim() !== '') + 1);
}

/** What is behind the last line that matches, or else all. */
export function after(lines: readonly string[], mark: RegExp): string[] {
  return lines.slice(lines.findLastIndex((line) => mark.test(line)) + 1);
}

/** The first match of a pattern in any of the lines. */
export function firstMatch(lines: readonly string[], pattern: RegExp): RegExpExecArray | undefined {
  for (const line of lines) {
    const found = pattern.exec(line);
    if (found) return found;
  }
  return undefined;
}

/** The host of the first address in a text, with its port. */
export function hostIn(text: string): string | undefined {
  return /\bhttps?:\/\/(?:[^/\s@"']*@)?([\w.-]+(?::\d+)?|\[[\da-f:]+\](?::\d+)?)/i.exec(text)?.[1];
}

/** The package that the first address of a registry in a text is of, with the version if it is the address of a tarball. */
export function packageIn(text: string): string | undefined {
  const path = /\bhttps?:\/\/[^/\s"']+\/([^\s"']+)/i.exec(text)?.[1]?.replace(/[).,:]+$/, '') ?? '';
  const name = /(@[\w.~-]+(?:\/|%2f)[\w.~-]+|[\w.~-]+)(?:\/-\/\S*?-(\d+\.\d+\.\d+[\w.+-]*?)\.tgz)?$/i.exec(
    path,
  );
  if (!name?.[1]) return undefined;
  return name[1].replace(/%2f/i, '/') + (name[2] ? `@${name[2]}` : '');
}

/** Frames of stacks, properties of errors, and what Node.js and others write around an error. */
const AROUND =
  /^(?:\s+at |\s*[{}^~|\])]*\s*$|\s+\w+: .*,?$|Node\.js v\d|\s*\[?cause\]?:|\(Use `node |npm (?:error|ERR!)\s*(?:$|A complete log|To see a list|Did you mean| {2,}))/;
const ERROR =
  /^(?:npm (?:error|ERR!) (?!code |errno |path |command )|(?:[\w.]*Error|error|fatal|ERROR|FATAL|Fatal)\b|\S+: (?:fatal )?error\b).*\S/;

/** The line of a program's last words that says most: the last error in them, or else the last line. */
export function tellingLine(lines: readonly string[]): string | undefined {
  const said = lines.filter((line) => !AROUND.test(line));
  const line = said.findLast((one) => ERROR.test(one)) ?? said.findLast((one) => one.trim() !== '');
  return line && shorten(line);
}

/** A line that fits into a message. */
export function shorten(line: string): string {
  const text = line.trim().replace(/[.:]$/, '');
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN - 1)}…` : text;
}
