// The engine restarts, hangs, and stays away, in the middle of a build.
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LABEL, NETWORK } from '../../src/docker/names.js';
import { Daemon } from '../support/daemon.js';
import type { EngineBox } from '../support/engine-box.js';
import { HELD, Jobs, letGo, openRepo } from '../support/jobs.js';
import { Koalaci } from '../support/koalaci.js';
import { canRunEngines, ownEngine } from '../support/own-engine.js';
import { until } from '../support/until.js';
import { WHOLE } from './whole.js';

const MINUTE = 60_000;
const LARGE = 'head -c 200M /dev/urandom >public/large';

/** Asks an engine for a network of this name, even if it has one. Returns the HTTP status. */
async function createTwin(engine: EngineBox, name: string): Promise<number | undefined> {
  const socketPath = engine.env.DOCKER_HOST.replace('unix://', '');
  const headers = { 'content-type': 'application/json' };
  const asked = request({ socketPath, path: '/v1.41/networks/create', method: 'POST', headers });
  asked.end(JSON.stringify({ Name: name, CheckDuplicate: false, Labels: { [LABEL.network]: '1' } }));
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode;
}

describe.skipIf(!canRunEngines)('a build whose engine', () => {
  let engine: EngineBox;
  let koalaci: Koalaci;
  let jobs: Jobs;

  beforeAll(async () => {
    engine = await ownEngine();
    koalaci = await Koalaci.open();
    jobs = await Jobs.at(koalaci, await Daemon.start(koalaci, ['serve', '--concurrency', '2'], engine.env));
  });
  afterAll(async () => {
    await jobs?.server.stop();
    await koalaci?.close();
    await engine?.[Symbol.asyncDispose]();
  });

  /** Containers of builds: those that are being saved are none. */
  const builds = async () =>
    (await engine.docker('ps', '--all', '--filter', 'label=koalaci.job', '--format', '{{.Names}}'))
      .split('\n')
      .filter((name) => name !== '' && !name.startsWith('koalaci-saving-'));

  it.each(WHOLE ? (['source', 'build', 'artifact'] as const) : (['build'] as const))(
    'is killed in the step %s is built again, and nothing of the first try is left',
    async (step) => {
      const repo = await openRepo();
      const id = `killed-in-${step}`;
      await jobs.create(repo, id, step === 'artifact' ? LARGE : HELD);
      await jobs.until(id, (seen) => seen.step === step);
      await engine.end('SIGKILL');
      await engine.up();
      await letGo(repo);
      await jobs.end(id, 2 * MINUTE);
      expect(await jobs.whole(id)).toHaveProperty(['index.html']);
      await until(async () => (await builds()).length === 0);
    },
    4 * MINUTE,
  );

  it.runIf(WHOLE)(
    'is stopped waits in the queue, says why, and is built when the engine is back',
    async () => {
      const repo = await openRepo();
      await jobs.create(repo, 'waits', HELD);
      await jobs.create(repo, 'given-up', HELD);
      for (const id of ['waits', 'given-up']) await jobs.until(id, (seen) => seen.step === 'build');
      await engine.end();
      for (const id of ['waits', 'given-up'])
        expect(await jobs.until(id, (seen) => seen.waits_for !== undefined)).toMatchObject({
          status: 'QUEUED',
        });
      // Without an engine there is nothing to be stopped.
      expect((await jobs.ask('PATCH', '/job/given-up/cancel')).status).toBe(200);
      expect(await jobs.end('given-up')).toMatchObject({ status: 'CANCELED' });
      await delay(MINUTE);
      await engine.up();
      await letGo(repo);
      await jobs.end('waits');
      expect(await jobs.log('waits')).toContain('the job is built again from its start');
      await jobs.whole('waits');
      await until(async () => (await builds()).length === 0);
    },
    4 * MINUTE,
  );

  it(
    'has two networks of one name, as two first builds at the same moment make them, begins',
    async (test) => {
      const networks = async () =>
        (await engine.docker('network', 'ls', '--format', '{{.Name}}'))
          .split('\n')
          .filter((name) => name === NETWORK);
      await createTwin(engine, NETWORK);
      if ((await createTwin(engine, NETWORK)) === 409) test.skip('engines since 25 make none');
      expect((await networks()).length).toBeGreaterThan(1);
      await jobs.create(await openRepo(), 'twins', 'true');
      await jobs.end('twins');
      await jobs.whole('twins');
      expect(await networks()).toHaveLength(1);
    },
    2 * MINUTE,
  );

  it(
    'hangs for a while goes on',
    async () => {
      const repo = await openRepo();
      await jobs.create(repo, 'hangs', `${HELD}; echo attempt >public/attempt.txt`);
      await jobs.until('hangs', (seen) => seen.step === 'build');
      engine.freeze();
      await letGo(repo);
      if (WHOLE) await delay(MINUTE);
      engine.thaw();
      await jobs.end('hangs');
      expect(await jobs.whole('hangs')).toHaveProperty(['attempt.txt']);
      expect(await jobs.log('hangs')).not.toContain('again');
    },
    3 * MINUTE,
  );

  it.runIf(WHOLE)(
    'hangs for ever can be canceled, which does not say that its container is gone',
    async () => {
      const repo = await openRepo();
      await jobs.create(repo, 'stuck', HELD);
      await jobs.until('stuck', (seen) => seen.step === 'build');
      engine.freeze();
      await jobs.ask('PATCH', '/job/stuck/cancel');
      const seen = await jobs.end('stuck', 2 * MINUTE);
      expect(seen).toMatchObject({ status: 'ERROR', reason: 'internal' });
      expect(seen.message).toContain('its container could not be removed');
      engine.thaw();
      await until(async () => (await builds()).length === 0);
    },
    4 * MINUTE,
  );
});
