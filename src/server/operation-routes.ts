// The routes for operators: liveness, readiness, metrics.
import { processGauges } from '../telemetry/metrics.js';
import { serviceGauges } from './gauges.js';
import { readinessCheck } from './readiness.js';
import type { Route } from './route.js';
import { OkAnswer } from './schemas.js';
import type { Services } from './services.js';

export function operationRoutes(services: Services): Route[] {
  return [alive(), ready(services), metrics(services)];
}

const alive = (): Route => ({
  method: 'GET',
  path: '/healthz',
  summary: 'Check that the process is alive',
  answer: OkAnswer,
  errors: [],
  open: true,
  handler: async () => ({ data: 'OK' }),
});

const ready = (services: Services): Route => {
  const check = readinessCheck(services);
  return {
    method: 'GET',
    path: '/readyz',
    summary: 'Check that the service can accept jobs',
    answer: OkAnswer,
    errors: ['environment'],
    open: true,
    handler: async () => {
      await check();
      return { data: 'OK' };
    },
  };
};

const metrics = (services: Services): Route => ({
  method: 'GET',
  path: '/metrics',
  summary: 'Get the metrics for Prometheus',
  answer: 'text',
  errors: [],
  open: true,
  handler: async (_request, reply) => {
    const gauges = [...(await serviceGauges(services)), ...processGauges()];
    reply.type('text/plain; version=0.0.4; charset=utf-8');
    return services.metrics.render(gauges);
  },
});
