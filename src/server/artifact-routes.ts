// The routes of artifacts: the archive, whole or a part of it, and the manifest. Neither is ever held in memory.
import { pipeline, Transform, type TransformCallback } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Archives, type OpenArchive, openManifest } from '../archives/open.js';
import { shippedArtifact } from '../archives/shipped.js';
import { KoalaError } from '../job/errors.js';
import type { JobRecord } from '../job/record.js';
import { DEFAULT_LIMITS, limitsFor } from '../job/user-limits.js';
import { load } from '../store/jobs.js';
import type { Following } from './log-routes.js';
import { type Representation, type Wanted, wantedOf } from './ranges.js';
import { jobIdOf } from './request.js';
import type { Route } from './route.js';
import { ManifestAnswer } from './schemas.js';
import type { Services } from './services.js';

export function artifactRoutes(services: Services, following: Following): Route[] {
  return [archiveRoute(services, following), manifestRoute(services, following)];
}

const archiveRoute = ({ redis }: Services, following: Following): Route => {
  const archives = new Archives();
  return {
    method: 'GET',
    path: '/job/:id/artifact',
    summary: 'Get the artifact of a READY job, a .tar.gz; its ETag is its sha256',
    parameters: [
      { name: 'Range', in: 'header', description: 'one range of bytes; several are answered with the whole' },
      { name: 'If-Range', in: 'header', description: 'the ETag of which the range is to be a part' },
      { name: 'If-None-Match', in: 'header', description: 'the ETag of what the client has' },
    ],
    answer: 'archive',
    errors: ['not_found', 'conflict', 'unsatisfiable'],
    answersHead: true,
    handler: async (request, reply) => {
      const record = await load(redis, jobIdOf(request));
      const archive = await archives.open(shippedArtifact(record));
      try {
        const wanted = wantedOf(request.method, request.headers, representationOf(archive));
        if (wanted.kind === 'unsatisfiable') throw unsatisfiable(reply, archive);
        if (wanted.kind === 'unchanged' || request.method === 'HEAD')
          return await sendHead(reply, record, archive, wanted);
        hold(request, reply, following);
        await archive.check();
        return send(reply.headers(headersOf(record, archive)), archive, wanted);
      } catch (error) {
        await archive.close();
        throw error;
      }
    },
  };
};

const manifestRoute = ({ redis }: Services, following: Following): Route => ({
  method: 'GET',
  path: '/job/:id/artifact/manifest',
  summary: 'Get the manifest of the artifact: each file with its hash, and what it was built from',
  answer: ManifestAnswer,
  errors: ['not_found', 'conflict'],
  handler: async (request, reply) => {
    const shipped = shippedArtifact(await load(redis, jobIdOf(request)));
    hold(request, reply, following);
    const manifest = await openManifest(shipped);
    reply.type('application/json; charset=utf-8');
    return reply.send(pipeline(manifest.read(), new DataOf(), () => {}));
  },
});

function representationOf({ size, sha256 }: OpenArchive): Representation {
  return { size, etag: `"${sha256}"` };
}

/** Ends with its token, and counts for its user, as a log does. */
function hold({ claimedLimits }: FastifyRequest, reply: FastifyReply, following: Following): void {
  const { streams, limits = DEFAULT_LIMITS } = following;
  const { followers } = limitsFor(limits, claimedLimits);
  streams.hold(reply, followers, () => reply.raw.destroy());
}

function headersOf({ deployment }: JobRecord, archive: OpenArchive): Record<string, string> {
  return {
    etag: representationOf(archive).etag,
    'accept-ranges': 'bytes',
    // The deployment may be created again. And it is one user's.
    'cache-control': 'private, no-cache',
    'content-type': 'application/gzip',
    'content-disposition': `attachment; filename="${deployment}.tar.gz"`,
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
async function sendHead(
  reply: FastifyReply,
  record: JobRecord,
  archive: OpenArchive,
  { kind }: Wanted,
): Promise<FastifyReply> {
  await archive.close();
  reply.headers(headersOf(record, archive));
  if (kind === 'unchanged') return reply.code(304).removeHeader('content-type').send();
  return reply.header('content-length', archive.size).send();
}

function send(reply: FastifyReply, archive: OpenArchive, wanted: Wanted): FastifyReply {
  const { size } = archive;
  const { start, end } = wanted.kind === 'part' ? wanted : { start: 0, end: size - 1 };
  if (wanted.kind === 'part') reply.code(206).header('content-range', `bytes ${start}-${end}/${size}`);
  return reply.header('content-length', end - start + 1).send(archive.read(start, end));
}

/** Makes `{"data":…}` of JSON that passes through. */
class DataOf extends Transform {
  override _construct(done: TransformCallback): void {
    this.push('{"data":');
    done();
  }

  override _transform(piece: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    done(null, piece);
  }

  override _flush(done: TransformCallback): void {
    done(null, '}');
  }
}
