// The log of a daemon, for its operator: one line of JSON per event.
import { type LevelWithSilent, type Logger, pino } from 'pino';
import { escapedJson } from '../job/printable.js';

/** Opens the log of a daemon: JSON lines on stderr. Builds choose some of its words, and an operator may look at it on a terminal. */
export function openLogger(level: LevelWithSilent): Logger {
  const stderr = pino.destination({ dest: 2, sync: true });
  return pino(
    { level, base: null },
    { write: (line) => void stderr.write(`${escapedJson(line.trimEnd())}\n`) },
  );
}
