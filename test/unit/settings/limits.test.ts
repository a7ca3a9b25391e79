import { expect, it } from 'vitest';
import { limitsOf } from '../../../src/settings/limits.js';
import { readSettings } from '../../../src/settings/read.js';

const limitsIn = (env: Record<string, string>) => limitsOf(readSettings(env));

it.each([
  ['KOALACI_TIMEOUT', '30d'],
  ['KOALACI_MEMORY', '1k'],
  ['KOALACI_PIDS', '1'],
])('refuses a %s of %s, with which no build could run', (name, value) => {
  expect(() => limitsIn({ [name]: value })).toThrow(new RegExp(`^${name}: `));
});

it('limits every build without any setting', () => {
  expect(Object.values(limitsIn({})).every((limit) => limit > 0)).toBe(true);
});

it('reads each limit from its variable', () => {
  const env = {
    KOALACI_MEMORY: '1g',
    KOALACI_CPUS: '3',
    KOALACI_PIDS: '100',
    KOALACI_DISK_LIMIT: '4k',
    KOALACI_INODE_LIMIT: '1000',
    KOALACI_LOG_LIMIT: '5k',
    KOALACI_OUTPUT_LIMIT: '6k',
    KOALACI_ARTIFACT_LIMIT: '7k',
    KOALACI_ARTIFACT_ENTRIES: '7',
    KOALACI_ARTIFACT_PATH: '8k',
    KOALACI_ARTIFACT_DEPTH: '9',
    KOALACI_TIMEOUT: '8s',
    KOALACI_SILENCE: '9s',
  };
  expect(limitsIn(env)).toEqual({
    memory: 1024 ** 3,
    cpus: 3,
    pids: 100,
    disk: 4 * 1024,
    inodes: 1_000,
    log: 5 * 1024,
    output: 6 * 1024,
    artifact: 7 * 1024,
    artifactEntries: 7,
    artifactPath: 8 * 1024,
    artifactDepth: 9,
    time: 8_000,
    silence: 9_000,
  });
});

it('holds no secret: limits travel on command lines', () => {
  expect(JSON.stringify(limitsIn({ JWT_SECRET: 's3cret', KOALACI_CALLBACK_SECRET: 's3cret' }))).not.toContain(
    's3cret',
  );
});
