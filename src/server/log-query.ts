// Which lines of a log a request wants: ?step=, ?since=, ?grep=, ?tail=. Pure but for the clock.
import { KoalaError } from '../job/errors.js';
import { parseCount } from '../job/quantity.js';
import { parseSince } from '../job/since.js';
import { STEPS } from '../job/status.js';
import type { LogFilter } from '../store/log-lines.js';
import type { Route } from './route.js';

/** As many letters as a line may reasonably be searched for. */
const MOST_LETTERS = 1_000;

const READERS: Record<keyof LogFilter, { description: string; read: (value: string) => LogFilter }> = {
  step: {
    description: `only lines of this step: ${STEPS.join(', ')}`,
    read: (step) => {
      if ((STEPS as readonly string[]).includes(step)) return { step };
      throw new KoalaError('bad_input', `step: must be one of ${STEPS.join(', ')}`);
    },
  },
  since: {
    description: 'only lines since then: how long ago, such as 10m, or a time such as 2026-01-31T12:00:00Z',
    read: (value) => ({ since: parseSince('since', value, Date.now()) }),
  },
  grep: {
    description: 'only lines with this text, letter by letter; it is no expression',
    read: (grep) => {
      if (grep !== '' && grep.length <= MOST_LETTERS) return { grep };
      throw new KoalaError('bad_input', `grep: must have 1 to ${MOST_LETTERS} letters`);
    },
  },
  tail: {
    description: 'of those, only the last ones: how many',
    read: (value) => ({ tail: parseCount('tail', value) }),
  },
};

/** The parameters, as the OpenAPI has them. */
export const LOG_PARAMETERS: NonNullable<Route['parameters']> = Object.entries(READERS).map(
  ([name, { description }]) => ({ name, in: 'query', description }),
);

/**
 * What a query says of the lines that are wanted. It may have other parameters of the route besides.
 * @throws KoalaError `bad_input`
 */
export function logFilterOf(query: Partial<Record<string, string>>): LogFilter {
  const given = (Object.keys(READERS) as (keyof LogFilter)[]).flatMap((name) => {
    const value = query[name];
    return value === undefined ? [] : [READERS[name].read(value)];
  });
  return Object.assign({}, ...given) as LogFilter;
}
