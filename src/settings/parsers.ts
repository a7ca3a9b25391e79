// Parsers that turn the text of a setting into a value. Each gets the variable's name, for the error.
import { KoalaError } from '../job/errors.js';
import { LONGEST_DAYS, parseCount, parseDuration } from '../job/quantity.js';

/** @throws KoalaError `bad_input` that names the variable */
export type Parse<T> = (name: string, text: string) => T;

/** Any text, as it is. */
export const parseText: Parse<string> = (_name, text) => text;

/** The name of a container runtime, as the engine's configuration has it. */
export const parseRuntime: Parse<string> = (name, text) => {
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(text)) return text;
  throw new KoalaError('bad_input', `${name}: must be the name of a runtime, such as runsc, not "${text}"`);
};

/** `1` is on, `0` is off. */
export const parseSwitch: Parse<boolean> = (name, text) => parseSwitchWord(name, text) === '1';

/** `on` or `off`. */
export const parseOnOff: Parse<boolean> = (name, text) => parseOnOffWord(name, text) === 'on';

/** A TCP port; 0 lets the system choose one. */
export const parsePort: Parse<number> = (name, text) => {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new KoalaError('bad_input', `${name}: must be a number up to 65535, not "${text}"`);
};

/** Whole days, as seconds. */
export const parseDays: Parse<number> = (name, text) => parseCount(name, text) * 86_400;

/** The same, or none. */
export const parseDaysOrNone: Parse<number> = (name, text) =>
  text.trim() === '0' ? 0 : parseDays(name, text);

/** A time, as whole seconds; `off` is 0. */
export const parseSecondsOrOff: Parse<number> = (name, text) =>
  text === 'off' ? 0 : Math.ceil(parseDuration(name, text) / 1000);

/** An http(s) address, without a slash at its end. */
export const parseHttpUrl: Parse<string> = (name, text) => {
  if (/^https?:\/\/[^\s?#]+$/.test(text) && URL.canParse(text)) return text.replace(/\/+$/, '');
  throw new KoalaError('bad_input', `${name}: must be an http:// or https:// address, not "${text}"`);
};

/** A URL of Redis; turns a host or host:port into one. The error does not repeat the text, which may hold a password. */
export const parseRedis: Parse<string> = (name, text) => {
  const url = /^(rediss?|unix):\/\//.test(text) ? text : `redis://${text}`;
  if (URL.canParse(url) && (url.startsWith('unix:') || /^\/?\d*$/.test(new URL(url).pathname))) return url;
  throw new KoalaError(
    'bad_input',
    `${name}: must be a host, host:port or URL of Redis (redis://user:password@host:port/database); write / as %2F in a password`,
  );
};

/** One of these words. */
export function oneOf<const Word extends string>(...words: Word[]): Parse<Word> {
  return (name, text) => {
    const word = words.find((one) => one === text);
    if (word !== undefined) return word;
    throw new KoalaError('bad_input', `${name}: must be one of ${words.join(', ')}, not "${text}"`);
  };
}

/** As `parse`, but refuses values below `least`. */
export function atLeast(least: number, parse: Parse<number>, show: (value: number) => string): Parse<number> {
  return (name, text) => {
    const value = parse(name, text);
    if (value >= least) return value;
    throw new KoalaError('bad_input', `${name}: must be at least ${show(least)}`);
  };
}

/** As `parse`, for a limit that can be lifted: `off` means `none`. */
export function orOff<Value>(parse: Parse<Value>, none: Value): Parse<Value> {
  return (name, text) => (text === 'off' ? none : parse(name, text));
}

/** A time as milliseconds, also one that no timer could measure. */
export const parseAge: Parse<number> = (name, text) => parseDuration(name, text, LONGEST_DAYS);

const parseSwitchWord = oneOf('0', '1');
const parseOnOffWord = oneOf('on', 'off');
