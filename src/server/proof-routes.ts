// The routes of what was said of an artifact: the signed statement, and the bill of materials. As they are, for tools that read them.
import * as z from 'zod';
import { provenanceOf, sbomOfArtifact } from '../archives/proof.js';
import { type Shipped, shippedArtifact } from '../archives/shipped.js';
import { load } from '../store/jobs.js';
import { jobIdOf } from './request.js';
import type { Route } from './route.js';
import type { Services } from './services.js';

const Envelope = z.object({
  payloadType: z.string(),
  payload: z.string().describe('the in-toto statement, in base64'),
  signatures: z.array(z.object({ keyid: z.string(), sig: z.string() })),
});
const Sbom = z.looseObject({ bomFormat: z.literal('CycloneDX'), specVersion: z.string() });

export function proofRoutes(services: Services): Route[] {
  return [
    {
      ...proofRoute(services, { name: 'provenance', file: 'intoto.jsonl', read: provenanceOf }),
      summary: 'Get the signed statement about the artifact, an in-toto statement in a DSSE envelope',
      answer: Envelope,
    },
    {
      ...proofRoute(services, { name: 'sbom', file: 'cdx.json', read: sbomOfArtifact }),
      summary: 'Get the bill of materials of the artifact, in CycloneDX',
      answer: Sbom,
    },
  ];
}

function proofRoute(
  { redis }: Services,
  { name, file, read }: { name: string; file: string; read: (shipped: Shipped) => Promise<string> },
): Omit<Route, 'summary' | 'answer'> {
  return {
    method: 'GET',
    path: `/job/:id/artifact/${name}`,
    errors: ['not_found', 'conflict'],
    handler: async (request, reply) => {
      const record = await load(redis, jobIdOf(request));
      const text = await read(shippedArtifact(record));
      reply.header('content-disposition', `attachment; filename="${record.deployment}.${file}"`);
      return reply.type('application/json; charset=utf-8').send(text);
    },
  };
}
