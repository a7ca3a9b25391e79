// The routes for operators: liveness, readiness, metrics. A process that only builds has them, too.
import { processGauges } from '../telemetry/metrics.js';
import { serviceGauges } from './gauges.js';
import { readinessCheck } from './readiness.js';
import type { Route } from './route.js';
import { OkAnswer } from './schemas.js';
import type { OperationServices } from './services.js';

export function operationRoutes(services: OperationServices): Route[] {
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

const ready = (services: OperationServices): Route => {
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

const metrics = (services: OperationServices): Route => ({
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
