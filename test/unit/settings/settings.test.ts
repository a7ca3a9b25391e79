import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { parseText } from '../../../src/settings/parsers.js';
import { readSettings } from '../../../src/settings/read.js';
import { ROWS, SETTINGS, type Settings } from '../../../src/settings/settings.js';

type Key = keyof Settings;
/** What a setting is without a variable, what a text makes of it, and texts that do not fit; any text fits free text. */
type Sample = [byDefault: unknown, good: [text: string, value: unknown], ...bad: string[]];

const KIB = 1024;
const SIGNING_KEY = 'MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';
const SAMPLES: Record<Key, Sample> = {
  home: [undefined, ['/srv/koalaci', '/srv/koalaci']],
  xdgDataHome: [undefined, ['/srv', '/srv']],
  redisUrl: [undefined, ['rediss://example.com', 'rediss://example.com'], 'redis://ann:s3c/ret@example.com'],
  redisHost: [undefined, ['example.com:6380', 'redis://example.com:6380'], 'example.com:99999'],
  jwtSecret: [undefined, ['s3cret', 's3cret']],
  signingKey: [undefined, [SIGNING_KEY, SIGNING_KEY], 'c2VjcmV0', `${SIGNING_KEY.slice(0, 40)}`],
  server: [undefined, ['https://builds.example.com', 'https://builds.example.com']],
  xdgConfigHome: [undefined, ['/srv', '/srv']],
  token: [undefined, ['a.b.c', 'a.b.c']],
  user: ['koala', ['ann', 'ann']],
  userConcurrency: [undefined, ['3', 3], '0', 'many'],
  userQueued: [1_000, ['3', 3], '0', 'many'],
  userFollowers: [1_000, ['3', 3], '0', 'many'],
  userRequests: [6_000, ['3', 3], '0', 'many'],
  userLogs: [KIB ** 3, ['100m', 100 * KIB ** 2], '0', 'many'],
  userArtifacts: [50 * KIB ** 3, ['2g', 2 * KIB ** 3], '0', 'many'],
  logLevel: ['info', ['debug', 'debug'], 'loud', 'INFO'],
  allowLocalSources: [false, ['1', true], 'yes', '2'],
  callbackSecret: [undefined, ['s3cret', 's3cret']],
  publicUrl: [
    undefined,
    ['https://builds.example.com/', 'https://builds.example.com'],
    'builds.example.com',
    'https://x?y',
  ],
  callbackAllowPrivate: [false, ['1', true], 'true'],
  artifactUrl: ['off', ['private', 'private'], '1'],
  reuse: ['off', ['related', 'related'], 'true', 'on'],
  reuseTtlMs: [86_400_000, ['2h', 7_200_000], '0', 'soon'],
  reuseAudit: [50, ['off', 0], '0', 'many'],
  timeout: [45 * 60_000, ['20m', 20 * 60_000], '30d', 'soon'],
  silence: [15 * 60_000, ['90s', 90_000], '0'],
  memory: [4 * KIB ** 3, ['1g', KIB ** 3], '1k', 'much'],
  cpus: [availableParallelism(), ['3', 3], '0', '1.5'],
  pids: [4096, ['100', 100], '1', '49'],
  runtime: [undefined, ['runsc', 'runsc'], '--privileged', 'a b'],
  diskLimit: [20 * KIB ** 3, ['500m', 500 * KIB ** 2], '-1'],
  inodeLimit: [1_000_000, ['5000', 5_000], '0', '1m'],
  diskFree: [
    { bytes: 5 * KIB ** 3, percent: 10 },
    ['8%', { bytes: Number.POSITIVE_INFINITY, percent: 8 }],
    '120%',
    'x',
    '1g,',
  ],
  outputLimit: [256 * KIB ** 2, ['1m', KIB ** 2], 'x'],
  logLimit: [16 * KIB ** 2, ['1 MiB', KIB ** 2], '0'],
  artifactLimit: [KIB ** 3, ['2g', 2 * KIB ** 3], 'g'],
  artifactEntries: [200_000, ['5000', 5_000], '0', 'many'],
  artifactPath: [KIB, ['4k', 4 * KIB], 'long'],
  artifactDepth: [100, ['20', 20], '0', 'deep'],
  secretScan: ['fail', ['warn', 'warn'], 'no', '1'],
  cacheLimit: [20 * KIB ** 3, ['5g', 5 * KIB ** 3], 'all'],
  toolCacheLimit: [2 * KIB ** 3, ['5g', 5 * KIB ** 3], 'all'],
  downloadCacheLimit: [4 * KIB ** 3, ['5g', 5 * KIB ** 3], 'all'],
  frozenLockfile: [false, ['1', true], 'yes'],
  snapshotRegistry: [undefined, ['registry.example.com/koalaci', 'registry.example.com/koalaci']],
  keepFailed: [false, ['1', true], 'yes'],
  standbySeconds: [600, ['off', 0], 'on', '0'],
  postBuildMs: [5 * 60_000, ['90s', 90_000], 'off'],
  snapshotLayers: [40, ['3', 3], 'few'],
  retentionSeconds: [30 * 86_400, ['7', 7 * 86_400], '7d'],
  rerunSeconds: [7 * 86_400, ['0', 0], '7d', '-1'],
  targets: [undefined, ['/etc/koalaci/targets.json', '/etc/koalaci/targets.json']],
  readyAfterUpload: [true, ['0', false], 'no'],
  artifactArchive: [true, ['off', false], '1'],
  artifactsAge: [90 * 86_400_000, ['off', Number.POSITIVE_INFINITY], '0', 'old'],
  artifactsProjectCount: [60, ['5', 5], '0', 'many'],
  artifactsProjectBytes: [10 * KIB ** 3, ['off', Number.POSITIVE_INFINITY], '0', 'much'],
  artifactsCount: [20_000, ['off', Number.POSITIVE_INFINITY], '-1', 'many'],
  artifactsBytes: [
    { bytes: 200 * KIB ** 3, percent: 50 },
    ['off', { bytes: Number.POSITIVE_INFINITY, percent: Number.POSITIVE_INFINITY }],
    '120%',
    'x',
  ],
  extraCaCerts: [undefined, ['/etc/ca.pem', '/etc/ca.pem']],
  nodeExtraCaCerts: [undefined, ['/etc/ca.pem', '/etc/ca.pem']],
  credentials: [undefined, ['/etc/koalaci/credentials.json', '/etc/koalaci/credentials.json']],
  httpProxy: [undefined, ['http://proxy.example:3128', 'http://proxy.example:3128']],
  httpsProxy: [undefined, ['http://proxy.example:3128', 'http://proxy.example:3128']],
  allProxy: [undefined, ['socks5://proxy.example', 'socks5://proxy.example']],
  noProxy: [undefined, ['localhost,.example.org', 'localhost,.example.org']],
  image: ['koalaci:latest', ['koalaci:next', 'koalaci:next']],
  baseImage: ['debian:bookworm-slim', ['debian:12', 'debian:12']],
  npmRegistry: ['https://registry.npmjs.org', ['https://npm.example.com', 'https://npm.example.com']],
  verbose: [false, ['1', true], 'very'],
  docker: ['docker', ['/usr/local/bin/docker', '/usr/local/bin/docker']],
  engineTimeout: [120_000, ['5m', 300_000], '0', 'never'],
  port: [8081, ['9000', 9000], '65536', 'http'],
};
const samples = (Object.entries(SAMPLES) as [Key, Sample][]).map(([key, [byDefault, good, ...bad]]) => ({
  key,
  name: SETTINGS[key].name,
  byDefault,
  good,
  bad,
}));

describe.each(samples)('$name', ({ key, name, byDefault, good: [text, value], bad }) => {
  it('has its default when it is unset or empty', () => {
    expect(readSettings({})[key]).toEqual(byDefault);
    expect(readSettings({ [name]: '' })[key]).toEqual(byDefault);
  });

  it(`is read from "${text}", and nothing else changes`, () => {
    expect(readSettings({ [name]: text })).toEqual({ ...readSettings({}), [key]: value });
  });

  it('refuses by name what does not fit', () => {
    const anyTextFits = SETTINGS[key].parse === parseText;
    expect(bad.length === 0).toBe(anyTextFits);
    for (const unfit of bad) {
      const refused = expect.objectContaining({
        kind: 'bad_input',
        message: expect.stringMatching(`^${name}: `),
      });
      expect(() => readSettings({ [name]: unfit })).toThrow(refused);
    }
  });
});

it('names each variable once', () => {
  const names = ROWS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

it('does not bend a Redis URL', () => {
  expect(readSettings({ REDIS_HOST: 'unix:///run/redis.sock' }).redisHost).toBe('unix:///run/redis.sock');
  expect(readSettings({ REDIS_URL: 'example.com' }).redisUrl).toBe('redis://example.com');
});
