// A docker command that does not come back. Here it is `sleep`, which takes as long as its argument says.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { docker } from '../../../src/docker/cli.js';
import { useDocker } from '../../../src/docker/command.js';

beforeAll(() => useDocker({ command: 'sleep', patienceMs: 50 }));
afterAll(() => useDocker({ command: 'docker', patienceMs: 120_000 }));

it('is ended after its time, and the error says what it was and what to do', async () => {
  await expect(docker(['3600'])).rejects.toMatchObject({
    failure: 'hangs',
    kind: 'environment',
    message: 'the Docker engine has not done "docker 3600" in 0.1 s',
    remedy: expect.stringContaining('KOALACI_ENGINE_TIMEOUT'),
  });
});

it('may take as long as it takes if the caller says so', async () => {
  expect(await docker(['0.2'], { timeoutMs: 'none' })).toBe('');
});
