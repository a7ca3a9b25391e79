// Where text of commands reaches standard output and standard error. What a build prints goes through Output instead.
import { forTerminal } from './terminal-filter.js';

/** What draws on the terminal, and takes what is said meanwhile: it would be drawn over. */
let drawing: ((lines: string[]) => void) | undefined;

/** Prints data, such as a table or JSON. */
export function print(text: string): void {
  process.stdout.write(process.stdout.isTTY ? forTerminal(text) : text);
}

/** Prints what is said to a person. */
export function say(text: string): void {
  const shown = process.stderr.isTTY ? forTerminal(text) : text;
  if (drawing) drawing(shown.replace(/\n$/, '').split('\n'));
  else process.stderr.write(shown);
}

/** Hands what is said to who draws on the terminal, until disposed. */
export function sayThrough(take: (lines: string[]) => void): Disposable {
  drawing = take;
  return {
    [Symbol.dispose]() {
      drawing = undefined;
    },
  };
}
