// Tells a Redis that is away from every other error. Pure.

/** What ioredis says without a connection, and Redis while it loads its data. */
const SAID = /^(Stream isn't writeable|Connection is closed|Command timed out|LOADING )/;
/** How a connection is lost that was there. */
const LOST = ['ECONNRESET', 'EPIPE'];
/** The calls that make a connection. A missing file has the code of a missing socket, but another call. */
const CONNECTING = ['connect', 'getaddrinfo'];

/** Whether an error says that Redis is away, and not that it was asked something wrong. */
export function isRedisAway(error: unknown): boolean {
  // A name with several addresses gives an error for each.
  if (error instanceof AggregateError) return error.errors.some(isRedisAway);
  if (!(error instanceof Error)) return false;
  const { code = '', syscall = '' } = error as NodeJS.ErrnoException;
  return SAID.test(error.message) || LOST.includes(code) || CONNECTING.includes(syscall);
}
