import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { proxySecrets, readProxies } from '../../../src/settings/proxies.js';
import { type Env, readSettings } from '../../../src/settings/read.js';

const proxiesIn = (env: Env) =>
  readProxies({ settings: readSettings(env), env: { DOCKER_CONFIG: '/none', ...env } });

async function dockerConfig(content: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'koala-docker-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await writeFile(join(directory, 'config.json'), content);
  return directory;
}

it('are none without a word about them', () => {
  expect(proxiesIn({ HTTP_PROXY: '' })).toEqual({});
});

it('are taken in both cases, in lower case first', () => {
  expect(
    proxiesIn({ HTTP_PROXY: 'http://a', https_proxy: 'http://b', HTTPS_PROXY: 'http://c', NO_PROXY: 'd' }),
  ).toEqual({
    http_proxy: 'http://a',
    https_proxy: 'http://b',
    no_proxy: 'd',
  });
});

it("are docker's where the environment has none", async () => {
  const proxies = {
    default: { httpProxy: 'http://a', httpsProxy: 'http://b', noProxy: 'c' },
    'tcp://far:1': { httpProxy: 'http://far' },
  };
  const DOCKER_CONFIG = await dockerConfig(JSON.stringify({ proxies }));
  expect(proxiesIn({ DOCKER_CONFIG, http_proxy: 'http://own' })).toEqual({
    http_proxy: 'http://own',
    https_proxy: 'http://b',
    no_proxy: 'c',
  });
  expect(proxiesIn({ DOCKER_CONFIG, DOCKER_HOST: 'tcp://far:1' })).toEqual({ http_proxy: 'http://far' });
});

it.each(['{}', 'no JSON', '{"proxies":{}}'])('are none with the configuration %s', async (content) => {
  expect(proxiesIn({ DOCKER_CONFIG: await dockerConfig(content) })).toEqual({});
});

it.each([
  ['http://ann:p%2Bw1@proxy.example:3128', ['p+w1', 'p%2Bw1']],
  ['ann:pw12@proxy.example:3128', ['pw12']],
  ['http://token1@proxy.example', ['token1']],
  ['http://proxy.example', []],
])('have in %s these secrets: %j', (address, secrets) => {
  expect(proxySecrets({ http_proxy: address, no_proxy: 'x@y' })).toEqual(secrets);
});
