// The machine loses its power: engine, Redis, daemon and builds end at once.
import { expect, it } from 'vitest';
import { Daemon } from '../support/daemon.js';
import { HELD, Jobs, letGo, openRepo } from '../support/jobs.js';
import { Koalaci } from '../support/koalaci.js';
import { canRunEngines, ownEngine } from '../support/own-engine.js';
import { until } from '../support/until.js';
import { WHOLE } from './whole.js';

it.runIf(canRunEngines && WHOLE)(
  'a machine that was switched off builds what it was building, and what waited',
  async () => {
    await using engine = await ownEngine();
    // Its Redis is a container of that engine.
    const koalaci = await Koalaci.open({ privateRedis: true });
    const serve = () => Daemon.start(koalaci, ['serve', '--concurrency', '1'], engine.env);
    try {
      const repo = await openRepo();
      const jobs = await Jobs.at(koalaci, await serve());
      await jobs.create(repo, 'building', HELD);
      await jobs.until('building', ({ step }) => step === 'build');
      await jobs.create(repo, 'waiting', '');

      await Promise.all([engine.cut(), jobs.server.stop('SIGKILL')]);

      await engine.up();
      jobs.server = await serve();
      await letGo(repo);
      for (const id of ['building', 'waiting']) {
        await jobs.end(id, 120_000);
        await jobs.whole(id);
      }
      const left = async () =>
        (await engine.docker('ps', '--all', '--filter', 'label=koalaci.job', '--format', '{{.Names}}'))
          .split('\n')
          .filter((name) => name !== '' && !name.startsWith('koalaci-saving-'));
      await until(async () => (await left()).length === 0);
      expect(await jobs.server.stop()).toBe(0);
    } finally {
      await koalaci.close();
    }
  },
  300_000,
);
