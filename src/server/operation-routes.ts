// The routes for operators: alive, ready, metrics, and the description of all routes.
import type { FastifyInstance } from 'fastify';
import { KoalaError, messageOf } from '../job/errors.js';
import { type Gauge, gauge, processGauges } from '../telemetry/metrics.js';
import type { Services } from './app.js';
import { openApi } from './openapi.js';

/** Asking the engine starts a process: not for every request. */
const ENGINE_MS = 5_000;

export function operationRoutes(app: FastifyInstance, services: Services): void {
  const engine = services.engine && remembered(services.engine, ENGINE_MS);

  app.get('/healthz', async () => ({ data: 'OK' }));

  app.get('/readyz', async () => {
    if (services.stopping()) throw new KoalaError('environment', 'it is being stopped');
    await asked('Redis', services.redis.ping());
    if (engine) await asked('the engine', engine());
    return { data: 'OK' };
  });

  app.get('/metrics', async (_request, reply) => {
    const gauges = [...(await queueGauges(services)), ...processGauges()];
    reply.type('text/plain; version=0.0.4; charset=utf-8');
    return services.metrics.render(gauges);
  });

  app.get('/openapi.json', async () => openApi());
}

async function asked(what: string, answer: Promise<unknown>): Promise<void> {
  await answer.catch((cause: unknown) => {
    throw new KoalaError('environment', `${what} does not answer: ${messageOf(cause)}`, { cause });
  });
}

async function queueGauges({ intake, running }: Services): Promise<Gauge[]> {
  const builds = gauge('koalaci_builds_running', 'Builds that run in this process.', running());
  // Without Redis the process still has its own figures.
  const counts = await intake.queue
    .getJobCounts('prioritized', 'waiting', 'delayed', 'active')
    .catch(() => undefined);
  if (!counts) return [builds];
  const { prioritized = 0, waiting = 0, delayed = 0, active = 0 } = counts;
  const states = { waiting: prioritized + waiting, parked: delayed, active };
  return [
    builds,
    {
      name: 'koalaci_queue_jobs',
      help: 'Jobs in the queue of all boxes, by state.',
      values: Object.entries(states).map(([state, value]) => [{ state }, value]),
    },
  ];
}

/** A question whose answer is good for a while. */
function remembered(ask: () => Promise<unknown>, ms: number): () => Promise<unknown> {
  let answer: Promise<unknown> | undefined;
  let at = 0;
  return () => {
    if (!answer || Date.now() - at > ms) {
      at = Date.now();
      answer = ask();
    }
    return answer;
  };
}
