// The route of what is known of a build beside its record: what "koalaci run" says at its end.
import { Anywhere } from '../archives/anywhere.js';
import { BuildFacts } from '../job/build-facts.js';
import { buildFacts } from '../report/build-facts.js';
import { load } from '../store/jobs.js';
import { jobIdOf } from './request.js';
import type { Route } from './route.js';
import { data } from './schemas.js';
import type { Services } from './services.js';

export function factsRoute({ redis, artifacts, targets }: Services): Route {
  const anywhere = new Anywhere(artifacts, targets);
  return {
    method: 'GET',
    path: '/job/:id/facts',
    summary:
      'Get what is known of a READY job beside its record: its largest files, the last builds of the project',
    answer: data(BuildFacts),
    errors: ['not_found'],
    handler: async (request) => ({
      data: await buildFacts(await load(redis, jobIdOf(request)), { redis, artifacts: anywhere }),
    }),
  };
}
