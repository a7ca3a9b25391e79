// Builds that are served, or not: failed, stopped and killed at the last moment.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProjectId, UserId } from '../../src/job/identity.js';
import { switchingKey } from '../../src/store/keys.js';
import { jobArgs, Koalaci, PROJECT } from '../support/koalaci.js';
import { repoOf } from '../support/repo.js';
import { until } from '../support/until.js';

const SLOW = 120_000;
let koalaci: Koalaci;
let repo: string;

beforeAll(async () => {
  koalaci = await Koalaci.open();
  await targets('production');
});
afterAll(() => koalaci.close());

/** Names directories in the data directory as the only targets. */
async function targets(...names: string[]): Promise<void> {
  const rows = names.map((name) => ({
    name,
    type: 'directory',
    directory: join(koalaci.home, name),
    keep: 2,
  }));
  await writeFile(join(koalaci.home, 'targets.json'), JSON.stringify(rows), { mode: 0o600 });
}

const site = (target = 'production') => join(koalaci.home, target, 'ann', PROJECT);
const served = (place = 'current', target?: string) => readFile(join(site(target), place, 'id.txt'), 'utf8');
const flags = (id: string, branch = 'main') => ({ id, branch, command: `echo ${id} >public/id.txt` });
const build = (id: string, branch?: string, env?: Record<string, string>) =>
  koalaci.build(repo, flags(id, branch), ['--default-branch', 'main'], env);
const recordOf = async (id: string) => JSON.parse((await koalaci.run(['status', id, '--json'])).stdout);

describe('when it cannot be uploaded', () => {
  it(
    'nothing is switched, and the artifact is kept to be sent again',
    async () => {
      repo = await repoOf('static');
      await writeFile(join(koalaci.home, 'spare'), 'a file');
      await targets('production', 'spare');
      const { exitCode, stderr } = await build('u1');
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(
        /ERROR upload_failed: the target spare cannot be written: [^/]*, in step upload/,
      );
      expect(stderr).toContain('"koalaci upload u1" sends it again');
      expect(await readdir(site())).toEqual(['releases']);
      expect((await koalaci.run(['artifacts', 'get', 'u1', '-o', '-'])).exitCode).toBe(0);
      await rm(join(koalaci.home, 'spare'));
      expect((await koalaci.run(['upload', 'u1'])).stdout).toBe(
        'production serves it from current\nspare serves it from current',
      );
      expect([await served(), await served('current', 'spare')]).toEqual(['u1\n', 'u1\n']);
      expect((await recordOf('u1')).status).toBe('READY');
      await targets('production');
    },
    SLOW,
  );

  it(
    'and READY does not wait for it, its record and the command say so',
    async () => {
      repo = await repoOf('static');
      const early = { KOALACI_READY_AFTER_UPLOAD: '0' };
      expect((await build('e1', 'main', early)).exitCode).toBe(0);
      expect([await served(), (await recordOf('e1')).upload]).toEqual([
        'e1\n',
        expect.objectContaining({ ended_at: expect.any(String) }),
      ]);
      await writeFile(join(koalaci.home, 'spare2'), 'a file');
      await targets('production', 'spare2');
      const { exitCode, stderr } = await build('e2', 'main', early);
      expect([exitCode, stderr]).toEqual([
        5,
        expect.stringContaining('e2 is READY, but could not be uploaded'),
      ]);
      expect(await recordOf('e2')).toMatchObject({
        status: 'READY',
        upload: { message: expect.stringContaining('spare2') },
      });
      expect(await served()).toBe('e1\n');
      await targets('production');
    },
    SLOW,
  );
});

describe('between the upload and the switch', () => {
  /** Starts a build that waits there: another process has the project's lock. */
  async function waiting(id: string) {
    repo = await repoOf('static');
    const redis = koalaci.redis?.client();
    const key = switchingKey({ user: 'ann' as UserId, project: PROJECT as ProjectId });
    await redis?.set(key, 'another');
    const running = koalaci.start(jobArgs(repo, flags(id), ['--default-branch', 'main']));
    await until(async () =>
      (await readdir(join(site(), 'releases'))).some((name) => name.startsWith(`${id}-`)),
    );
    const letGo = async () => {
      await redis?.del(key);
      redis?.disconnect();
    };
    return { running, letGo };
  }

  it(
    'a cancel ends it, and nothing is switched',
    async () => {
      const before = await served();
      const { running, letGo } = await waiting('c1');
      expect((await koalaci.run(['cancel', 'c1'])).exitCode).toBe(0);
      await letGo();
      expect((await running).exitCode).toBe(130);
      expect([await served(), (await recordOf('c1')).status]).toEqual([before, 'CANCELED']);
    },
    SLOW,
  );

  it(
    'SIGKILL leaves what was served; the next build is, and takes what was left',
    async () => {
      const before = await served();
      const { running, letGo } = await waiting('k1');
      running.kill('SIGKILL');
      await running;
      await letGo();
      expect(await served()).toBe(before);
      expect((await build('k2')).exitCode).toBe(0);
      expect(await served()).toBe('k2\n');
      expect((await readdir(join(site(), 'releases'))).filter((name) => /^k1-|^\./.test(name))).toEqual([]);
    },
    SLOW,
  );
});
