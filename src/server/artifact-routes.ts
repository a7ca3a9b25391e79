// The routes of artifacts: the archive, a single file, and the manifest.
import { pipeline, Transform, type TransformCallback } from 'node:stream';
import { Anywhere } from '../archives/anywhere.js';
import { shippedArtifact } from '../archives/shipped.js';
import { contentTypeOf } from '../artifact/content-type.js';
import { load } from '../store/jobs.js';
import type { Following } from './log-routes.js';
import { jobIdOf } from './request.js';
import type { Route } from './route.js';
import { ManifestAnswer } from './schemas.js';
import { CONDITIONS, hold, sendFile } from './send-file.js';
import type { Services } from './services.js';

export function artifactRoutes(services: Services, following: Following): Route[] {
  const artifacts = new Anywhere(services.artifacts, services.targets);
  return [
    archiveRoute(services, following, artifacts),
    fileRoute(services, following, artifacts),
    manifestRoute(services, following, artifacts),
  ];
}

const archiveRoute = ({ redis }: Services, following: Following, artifacts: Anywhere): Route => ({
  method: 'GET',
  path: '/job/:id/artifact',
  summary: 'Get the artifact of a READY job, a .tar.gz; its ETag is its sha256',
  parameters: CONDITIONS,
  answer: 'archive',
  errors: ['not_found', 'conflict', 'unsatisfiable'],
  answersHead: true,
  handler: async (request, reply) => {
    const shipped = shippedArtifact(await load(redis, jobIdOf(request)));
    const file = await artifacts.archive(shipped);
    const headers = {
      'content-type': 'application/gzip',
      'content-disposition': `attachment; filename="${shipped.deployment}.tar.gz"`,
    };
    return sendFile(request, reply, { file, headers, following });
  },
});

const fileRoute = ({ redis }: Services, following: Following, artifacts: Anywhere): Route => ({
  method: 'GET',
  path: '/job/:id/artifact/files/*',
  summary: 'Get a file of the artifact of a READY job; its ETag is its sha256',
  parameters: CONDITIONS,
  answer: 'file',
  errors: ['not_found', 'conflict', 'unsatisfiable'],
  answersHead: true,
  handler: async (request, reply) => {
    const shipped = shippedArtifact(await load(redis, jobIdOf(request)));
    const { '*': path = '' } = request.params as { '*'?: string };
    const file = await artifacts.file(shipped, path);
    const headers = {
      'content-type': contentTypeOf(path),
      // Strangers write what is shipped: in a browser it is no page of this service.
      'content-security-policy': 'sandbox',
      'x-content-type-options': 'nosniff',
    };
    return sendFile(request, reply, { file, headers, following });
  },
});

const manifestRoute = ({ redis }: Services, following: Following, artifacts: Anywhere): Route => ({
  method: 'GET',
  path: '/job/:id/artifact/manifest',
  summary: 'Get the manifest of the artifact: each file with its hash, and what it was built from',
  answer: ManifestAnswer,
  errors: ['not_found', 'conflict'],
  handler: async (request, reply) => {
    const shipped = shippedArtifact(await load(redis, jobIdOf(request)));
    hold(request, reply, following);
    const manifest = await artifacts.manifest(shipped);
    reply.type('application/json; charset=utf-8');
    return reply.send(pipeline(manifest.read(), new DataOf(), () => {}));
  },
});

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
