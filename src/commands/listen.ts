// Has a service listen where the flags say.
import type { FastifyInstance } from 'fastify';
import { KoalaError } from '../job/errors.js';
import { systemWords } from '../job/system-words.js';
import { parsePort } from '../settings/parsers.js';

/** @throws KoalaError `bad_input` for a port that is none, `environment` when it cannot listen there */
export async function listen(
  app: FastifyInstance,
  { host, port }: { host: string; port: string },
): Promise<void> {
  await app.listen({ host, port: parsePort('--port', port) }).catch((cause: unknown) => {
    throw new KoalaError('environment', `cannot listen on ${host}:${port}: ${systemWords(cause)}`, {
      remedy: 'Choose another address with --host or --port.',
      cause,
    });
  });
}
