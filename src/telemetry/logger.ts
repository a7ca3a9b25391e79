// The log of a daemon, for its operator: one line of JSON per event.
import { type LevelWithSilent, type Logger, pino } from 'pino';

/** Opens the log of a daemon: JSON lines on stderr. */
export function openLogger(level: LevelWithSilent): Logger {
  return pino({ level, base: null }, pino.destination({ dest: 2, sync: true }));
}
