// Where text of commands reaches standard output and standard error. What a build prints goes through Output instead.
import { forTerminal } from './terminal-filter.js';

/** Prints data, such as a table or JSON. */
export function print(text: string): void {
  process.stdout.write(process.stdout.isTTY ? forTerminal(text) : text);
}

/** Prints what is said to a person. */
export function say(text: string): void {
  process.stderr.write(process.stderr.isTTY ? forTerminal(text) : text);
}
