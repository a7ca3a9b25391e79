// Refuses parameters in the query that a route does not have: a filter with a typo would answer with everything. Pure.
import { KoalaError } from '../job/errors.js';
import { nearest } from '../job/nearest.js';

/**
 * Checks the query of a request against the names that its route knows.
 * @throws KoalaError `bad_input` that names those which it does not know, or which are given twice
 */
export function checkQuery(query: unknown, known: readonly string[]): void {
  const fields = Object.entries((query ?? {}) as Record<string, unknown>).flatMap(([path, value]) => {
    const message = known.includes(path) ? twice(value) : unknownName(path, known);
    return message ? [{ path, message }] : [];
  });
  if (fields.length === 0) return;
  const told = fields.map(({ path, message }) => `${JSON.stringify(path)} ${message}`).join('; ');
  const remedy =
    known.length > 0 ? `This route knows ${known.join(', ')}.` : 'This route has no parameters in its query.';
  throw new KoalaError('bad_input', `the query is not valid: ${told}`, { remedy, fields });
}

function twice(value: unknown): string | undefined {
  return Array.isArray(value) ? 'is given more than once' : undefined;
}

function unknownName(name: string, known: readonly string[]): string {
  const meant = nearest(name.toLowerCase(), known);
  return `is not a parameter of this route${meant ? `; did you mean ${meant}?` : ''}`;
}

/** An address for the access log: what its query has of a token is hidden, however that is spelled. */
export function loggableUrl(url: string): string {
  const [path = '', ...rest] = url.split('?');
  const query = rest.join('?');
  if (!new URLSearchParams(query).has('token')) return url;
  const pairs = query.split('&').map((pair) => (new URLSearchParams(pair).has('token') ? 'token=***' : pair));
  return `${path}?${pairs.join('&')}`;
}
