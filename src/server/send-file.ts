// Answers with a file of an artifact, whole or a part of it. It is never held in memory.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OpenArchive } from '../archives/open-file.js';
import { KoalaError } from '../job/errors.js';
import { DEFAULT_LIMITS, limitsFor } from '../job/user-limits.js';
import type { Following } from './log-routes.js';
import type { Parameter } from './parameter.js';
import { type Representation, type Wanted, wantedOf } from './ranges.js';

/** The headers by which a client asks for less than all. */
export const CONDITIONS: Parameter[] = [
  { name: 'Range', in: 'header', description: 'one range of bytes; several are answered with the whole' },
  { name: 'If-Range', in: 'header', description: 'the ETag of which the range is to be a part' },
  { name: 'If-None-Match', in: 'header', description: 'the ETag of what the client has' },
];

/** Answers with what of a file the request wants, and closes it. Its ETag is its sha256. `headers` say what it is. */
export async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  { file, headers, following }: { file: OpenArchive; headers: Record<string, string>; following: Following },
): Promise<FastifyReply> {
  try {
    const all = { ...headers, ...headersOf(file) };
    const wanted = wantedOf(request.method, request.headers, representationOf(file));
    if (wanted.kind === 'unsatisfiable') throw unsatisfiable(reply, file);
    if (wanted.kind === 'unchanged' || request.method === 'HEAD')
      return await sendHead(reply.headers(all), file, wanted);
    hold(request, reply, following);
    await file.check();
    return send(reply.headers(all), file, wanted);
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Ends with its token, and counts for its user, as a log does. */
export function hold({ claimedLimits }: FastifyRequest, reply: FastifyReply, following: Following): void {
  const { streams, limits = DEFAULT_LIMITS } = following;
  const { followers } = limitsFor(limits, claimedLimits);
  streams.hold(reply, followers, () => reply.raw.destroy());
}

function representationOf({ size, sha256 }: OpenArchive): Representation {
  return { size, etag: `"${sha256}"` };
}

function headersOf(file: OpenArchive): Record<string, string> {
  return {
    etag: representationOf(file).etag,
    'accept-ranges': 'bytes',
    // The deployment may be created again. And it is one user's.
    'cache-control': 'private, no-cache',
  };
}

function unsatisfiable(reply: FastifyReply, { size }: OpenArchive): KoalaError {
  reply.header('content-range', `bytes */${size}`);
  return new KoalaError(
    'unsatisfiable',
    `the artifact has ${size} bytes, and none of those that Range names`,
  );
}

/** Answers without the bytes, which nobody wants. */
async function sendHead(reply: FastifyReply, file: OpenArchive, { kind }: Wanted): Promise<FastifyReply> {
  await file.close();
  if (kind === 'unchanged') return reply.code(304).removeHeader('content-type').send();
  return reply.header('content-length', file.size).send();
}

function send(reply: FastifyReply, file: OpenArchive, wanted: Wanted): FastifyReply {
  const { size } = file;
  const { start, end } = wanted.kind === 'part' ? wanted : { start: 0, end: size - 1 };
  if (wanted.kind === 'part') reply.code(206).header('content-range', `bytes ${start}-${end}/${size}`);
  return reply.header('content-length', end - start + 1).send(file.read(start, end));
}
