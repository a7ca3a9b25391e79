// Traces of builds, as a collector gets them.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Daemon } from '../support/daemon.js';
import { Jobs, openRepo } from '../support/jobs.js';
import { Koalaci, PROJECT } from '../support/koalaci.js';
import { repoOf } from '../support/repo.js';
import { TraceReceiver } from '../support/trace-receiver.js';
import { until } from '../support/until.js';

const MINUTES = 60_000;
const PARENT = { trace: '0af7651916cd43dd8448eb211c80319c', span: 'b7ad6b7169203331' };
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

it(
  'have a span of the job and one of each step, and are part of what the command was started in',
  async () => {
    await using receiver = await TraceReceiver.start();
    const env = { ...receiver.env, TRACEPARENT: `00-${PARENT.trace}-${PARENT.span}-01` };
    const secret = 'a-secret-of-the-job';
    const repo = await repoOf('static');
    const job = { id: 'traced', command: 'echo "$TOKEN"; exit 3' };
    expect((await koalaci.build(repo, job, ['--env', `TOKEN=${secret}`], env)).exitCode).toBe(1);

    const { spans, text } = receiver;
    const root = spans.find(({ name }) => name === 'BUILD');
    const steps = spans.filter((span) => span !== root);
    expect(root).toMatchObject({
      ...{ traceId: PARENT.trace, parentSpanId: PARENT.span, status: { code: 2 } },
      attributes: {
        'cicd.pipeline.name': PROJECT,
        'cicd.pipeline.run.id': 'traced',
        'cicd.pipeline.result': 'failure',
        'error.type': 'build_failed',
        'vcs.ref.head.name': 'main',
        'vcs.ref.head.revision': expect.stringMatching(/^[0-9a-f]{40}$/),
      },
    });
    expect(steps.map(({ name }) => name)).toEqual(['source', 'toolchain', 'install', 'build']);
    for (const step of steps) {
      expect(step.parentSpanId).toBe(root?.spanId);
      expect(step.startedAt).toBeGreaterThanOrEqual(root?.startedAt ?? Number.POSITIVE_INFINITY);
      expect(step.endedAt).toBeLessThanOrEqual(root?.endedAt ?? 0);
    }
    expect(steps.map(({ attributes }) => attributes['cicd.pipeline.task.run.result'])).toEqual([
      ...['success', 'success', 'skip', 'failure'],
    ]);
    expect(steps.at(-1)?.attributes).toMatchObject({ 'error.type': 'build_failed', 'process.exit.code': 3 });
    expect(text).not.toContain(secret);
  },
  MINUTES,
);

it(
  'come from a daemon, too, with how long the job has waited',
  async () => {
    await using receiver = await TraceReceiver.start();
    const server = await Daemon.start(koalaci, ['serve'], { ...receiver.env, OTEL_BSP_SCHEDULE_DELAY: '50' });
    const jobs = await Jobs.at(koalaci, server);
    await jobs.create(await openRepo(), 'queued', 'true');
    await jobs.end('queued');
    const root = await until(async () => receiver.spans.find(({ name }) => name === 'BUILD'));
    expect(root.attributes).toMatchObject({
      'cicd.pipeline.run.id': 'queued',
      'cicd.pipeline.result': 'success',
    });
    const queue = receiver.spans.find(({ name }) => name === 'queue');
    expect(queue).toMatchObject({ parentSpanId: root.spanId, startedAt: root.startedAt });
    expect(receiver.spans.map(({ name }) => name)).toContain('artifact');
    await server.stop();
  },
  MINUTES,
);

it(
  'fail no build when nobody takes them, which is said once',
  async () => {
    await using receiver = await TraceReceiver.start({ answers: false });
    const env = { ...receiver.env, OTEL_BSP_SCHEDULE_DELAY: '1', OTEL_EXPORTER_OTLP_TIMEOUT: '60000' };
    const { exitCode, stderr } = await koalaci.build(await repoOf('static'), { id: 'untaken' }, [], env);
    expect([exitCode, stderr.match(/traces: not sent: .+/g)?.length]).toEqual([0, 1]);
  },
  MINUTES,
);
