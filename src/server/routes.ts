// All routes. To add one, add a row to the file of its group.
import * as z from 'zod';
import { artifactRoutes } from './artifact-routes.js';
import { cacheRoutes } from './cache-routes.js';
import { detectRoute } from './detect-route.js';
import type { Detections } from './detections.js';
import { factsRoute } from './facts-route.js';
import { jobRoutes } from './job-routes.js';
import { type Following, logRoutes } from './log-routes.js';
import { logTokenRoute } from './log-token-route.js';
import { openApi } from './openapi.js';
import { operationRoutes } from './operation-routes.js';
import { proofRoutes } from './proof-routes.js';
import { releaseRoutes } from './release-routes.js';
import { reportRoute } from './report-route.js';
import type { Route } from './route.js';
import type { Services } from './services.js';
import { storedRoutes } from './stored-routes.js';

/** Every route of the service. The last one describes them all. */
export function allRoutes(services: Services, following: Following & { detections: Detections }): Route[] {
  const routes = [
    ...jobRoutes(services),
    ...logRoutes(services, following),
    logTokenRoute(services),
    ...artifactRoutes(services, following),
    ...storedRoutes(services, following),
    ...cacheRoutes(services),
    ...proofRoutes(services),
    reportRoute(services, following),
    factsRoute(services),
    detectRoute(services, following.detections),
    ...releaseRoutes(services),
    ...operationRoutes({ version: '', ...services, queue: services.intake?.queue }),
  ];
  const description: Route = {
    method: 'GET',
    path: '/openapi.json',
    summary: 'Get this description',
    answer: z.looseObject({ openapi: z.string() }),
    errors: [],
    open: true,
    handler: async () => openApi([...routes, description]),
  };
  return [...routes, description];
}
