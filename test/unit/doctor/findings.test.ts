import { describe, expect, it } from 'vitest';
import { flagsOf } from '../../../src/docker/engine-info.js';
import type { Examination, Finding } from '../../../src/doctor/finding.js';
import { quoted } from '../../../src/doctor/finding.js';
import { capacityFindings, driftOf } from '../../../src/doctor/machine.js';
import { firewallFindings } from '../../../src/doctor/network.js';
import { type RedisFacts, redisFindings } from '../../../src/doctor/redis.js';
import { certificateFindings, lookAtLimits, lookAtSecrets } from '../../../src/doctor/service.js';
import { weaknessesInFlags, weaknessesInWarnings } from '../../../src/sandbox/walls.js';
import { readSettings } from '../../../src/settings/read.js';

const GIB = 1024 ** 3;
const told = (findings: Finding[]) => findings.map(({ level, found }) => `${level}: ${found}`).join('\n');
const typed = (findings: Finding[]) => findings.flatMap(({ commands = [] }) => commands);

describe('the room for builds', () => {
  const has = { memory: 16 * GIB, cpus: 4 };
  const of = (memory: number, cpus: number, concurrency: number) =>
    capacityFindings({ memory: memory * GIB, cpus }, concurrency, has);

  it('is enough where all may use what they may', () => {
    expect(told(of(4, 4, 3))).toBe(
      'ok: 3 builds at once, each with 4 GiB and 4 processors; the machine has 16 GiB and 4',
    );
  });

  it('is not where the kernel would end some of them', () => {
    const findings = of(4, 4, 4);
    expect(told(findings)).toMatch(/^warning: 4 builds at once/);
    expect(typed(findings)).toEqual(['koalaci serve --concurrency 3', 'export KOALACI_MEMORY=3686m']);
    expect(typed(of(32, 4, 1))).toEqual(['export KOALACI_MEMORY=14745m']);
  });

  it('has no more processors than the machine', () => {
    expect(told(of(1, 8, 1))).toMatch(/^error/);
    expect(typed(of(1, 8, 1))).toEqual(['export KOALACI_CPUS=4']);
  });
});

it.each([
  [10, 0],
  [15, 0],
  [20, 0],
  [4, 6],
  [27, 7],
])('a clock that says %d between 10 and 20 is wrong by %d', (time, drift) => {
  expect(driftOf({ whose: 'Redis', time, before: 10, after: 20 })).toBe(drift);
});

describe('a Redis', () => {
  const facts = (info: Record<string, string> = {}, more: Partial<RedisFacts> = {}): RedisFacts => ({
    info: { redis_version: '7.0.15', ...info },
    ...{ policy: 'noeviction', appendOnly: 'yes', save: '', ...more },
  });
  const look = (...given: Parameters<typeof facts>) => redisFindings(facts(...given), 'redis-cli');

  it('that keeps what it is given is all right, also when it does not tell its settings', () => {
    expect(told(look())).toBe('ok: answers: version 7.0.15');
    expect(told(look({}, { policy: undefined, appendOnly: undefined }))).toMatch(/^ok/);
  });

  it.each([
    ['evicts', {}, { policy: 'allkeys-lru' }, 'maxmemory-policy noeviction'],
    ['forgets', {}, { appendOnly: 'no' }, 'appendonly yes'],
    ['cannot save', { aof_last_write_status: 'err' }, {}, 'INFO persistence'],
    ['is nearly full', { maxmemory: '100', used_memory: '95' }, {}, 'CONFIG SET maxmemory 200'],
  ])('that %s is warned about', (_what, info, more, command) => {
    const findings = look(info, more);
    expect(told(findings)).toMatch(/^warning/);
    expect(typed(findings).join('\n')).toContain(command);
  });

  it.each([
    ['old', { redis_version: '5.0.14' }],
    ['a replica', { role: 'slave' }],
    ['a cluster', { cluster_enabled: '1' }],
  ])('that is %s cannot be used', (_what, info: Record<string, string>) => {
    expect(told(look(info))).toMatch(/^error/);
  });
});

describe('a firewall', () => {
  const network = { bridge: 'br-0123456789ab', subnet: '172.20.0.0/16' };
  const engines = [
    '-P FORWARD DROP',
    '-N DOCKER-USER',
    `-A FORWARD -i ${network.bridge} -o ${network.bridge} -j DROP`,
  ];
  const look = (...own: string[]) =>
    firewallFindings([...engines, ...own, '-A DOCKER-USER -j RETURN'], network);

  it('that lets builds into private networks is warned about, with the rules to add', () => {
    expect(told(look())).toMatch(/^warning: builds reach/);
    expect(typed(look())[0]).toBe(
      'sudo iptables -I DOCKER-USER -i br-0123456789ab -d 169.254.0.0/16 -j DROP',
    );
  });

  it.each([
    [`-A DOCKER-USER -d 169.254.0.0/16 -i ${network.bridge} -j DROP`],
    ['-A DOCKER-USER -s 172.20.0.0/16 -d 10.0.0.0/8 -j REJECT'],
    ['-A FORWARD -d 10.0.0.0/8 -j DROP'],
  ])('that keeps them out is all right: %s', (rule) => {
    expect(told(look(rule))).toMatch(/^ok/);
  });

  it('without rules of the engine lets builds reach each other', () => {
    expect(told(firewallFindings(['-P FORWARD ACCEPT'], network))).toMatch(/^error.*reach each other/);
  });
});

describe('an engine', () => {
  it('is known by its command line before its file', () => {
    const flags = flagsOf('{"iptables":false,"hosts":["tcp://0.0.0.0:2375"]}', [
      '--iptables=true',
      '-H',
      'fd://',
      '--debug',
    ]);
    expect(Object.fromEntries(flags)).toEqual({ iptables: 'true', hosts: 'fd://', debug: 'true' });
    expect(flagsOf('not json', []).size).toBe(0);
  });

  it.each([
    ['{"iptables":false}', 'firewall rules'],
    ['{"hosts":["unix:///x","tcp://0.0.0.0:2376"]}', 'listens on a network'],
    ['{"insecure-registries":["r:5000"]}', 'registries'],
    ['{"seccomp-profile":"unconfined"}', 'system calls'],
  ])('with %s is weaker', (json, found) => {
    const weak = weaknessesInFlags(flagsOf(json, []));
    expect(weak.map((one) => one.found)).toEqual([expect.stringContaining(found)]);
    expect(weak[0]?.commands).toContain('sudo systemctl restart docker');
  });

  it('with usual flags is not', () => {
    expect(weaknessesInFlags(flagsOf('{"hosts":["tcp://127.0.0.1:2375"],"iptables":true}', []))).toEqual([]);
  });

  it.each([
    ['WARNING: API is accessible on http://0.0.0.0:2375 without encryption.', 'without encryption'],
    ['WARNING: bridge-nf-call-iptables is disabled', 'reach each other'],
    ['WARNING: No swap limit support', 'swap'],
  ])('warns of itself: %s', (warning, found) => {
    expect(weaknessesInWarnings([warning])[0]?.found).toContain(found);
    expect(weaknessesInWarnings(['WARNING: No blkio weight support'])).toEqual([]);
  });
});

it('a secret that can be guessed is warned about, with a command that makes another one', () => {
  const look = (secret: string, env = {}) =>
    lookAtSecrets({ secret, settings: readSettings(env) } as Examination);
  expect(told(look('s'.repeat(32)))).toMatch(/^ok/);
  expect(typed(look('short'))).toEqual(['koalaci init --force']);
  expect(typed(look('short', { JWT_SECRET: 'short', KOALACI_CALLBACK_SECRET: 'short' }))).toEqual([
    'export JWT_SECRET="$(openssl rand -hex 32)"',
    'export KOALACI_CALLBACK_SECRET="$(openssl rand -hex 32)"',
  ]);
});

it('limits that never count are warned about', () => {
  const look = (env: object) => lookAtLimits({ settings: readSettings({ ...env }) } as Examination);
  expect(told(look({}))).toBe('ok: a build has 45 min, and 15 min without output');
  expect(typed(look({ KOALACI_SILENCE: '1h', KOALACI_TIMEOUT: '30m' }))).toEqual([
    'export KOALACI_SILENCE=600s',
  ]);
  expect(told(look({ KOALACI_LOG_LIMIT: '2g' }))).toContain(
    'KOALACI_LOG_LIMIT is not below KOALACI_OUTPUT_LIMIT',
  );
});

it('certificates that cannot be read, or are none for long, are warned about', () => {
  const pem = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
  const findings = certificateFindings(pem, { file: '/etc/my ca.pem', now: 0 });
  expect(told(findings)).toMatch(/^warning: no certificate in \/etc\/my ca.pem is valid/);
  expect(typed(findings)).toEqual(["openssl x509 -noout -subject -enddate -in '/etc/my ca.pem'"]);
});

it.each([
  ['/opt/koalaci', '/opt/koalaci'],
  ["it's", "'it'\\''s'"],
  ['', "''"],
])('%s is written in a shell as %s', (text, word) => {
  expect(quoted(text)).toBe(word);
});
