// The route of a page about a build.
import { Anywhere } from '../archives/anywhere.js';
import { pageFiles } from '../report/page-files.js';
import { openReport } from '../report/report.js';
import { load } from '../store/jobs.js';
import type { Following } from './log-routes.js';
import { jobIdOf } from './request.js';
import type { Route } from './route.js';
import { hold } from './send-file.js';
import type { Services } from './services.js';

export function reportRoute({ redis, artifacts, targets }: Services, following: Following): Route {
  const anywhere = new Anywhere(artifacts, targets);
  return {
    method: 'GET',
    path: '/job/:id/report',
    summary:
      'Get a page about a job: its steps, log, environment and artifact, beside earlier builds of the project',
    answer: 'page',
    errors: ['not_found'],
    endless: true,
    handler: async (request, reply) => {
      const record = await load(redis, jobIdOf(request));
      hold(request, reply, following);
      const page = await openReport(record, { redis, artifacts: anywhere, showsPlaces: false });
      reply.headers({
        'content-type': 'text/html; charset=utf-8',
        // Strangers have written much of it: it is a page of its own, and none of this service.
        'content-security-policy': `${pageFiles().policy}; sandbox allow-scripts`,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'private, no-cache',
      });
      return reply.send(page);
    },
  };
}
