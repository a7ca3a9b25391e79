// What names the machine: its host name, its processes, its paths. Users of the service are shown none of it. Pure.
import type { Ending, Reason } from './ending.js';

/** The fields of a record that name the machine. A runner and a container have the host's name and a pid in theirs. */
export const PLACES: ReadonlySet<string> = new Set(['runner', 'container', 'path', 'manifest']);

/** Reasons whose words are those of the machine. */
const OF_THE_MACHINE: ReadonlySet<Reason> = new Set(['internal', 'upload_failed']);

/** An ending without the paths that a failure of the machine itself has in its words; a build's own paths stay. */
export function withoutPlaces<E extends Ending>(ending: E): E {
  if (!('reason' in ending) || !OF_THE_MACHINE.has(ending.reason)) return ending;
  const { message, remedy } = ending;
  return { ...ending, message: withoutPaths(message), ...(remedy ? { remedy: withoutPaths(remedy) } : {}) };
}

/** Absolute paths, also after the scheme of a socket or a file. */
function withoutPaths(text: string): string {
  return text.replace(/(?<![\w.~/-])(?:(?:unix|file):\/\/)?\/(?!\/)[^\s'"`,;:)\]}]+/g, '…');
}
