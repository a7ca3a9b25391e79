import { expect, it } from 'vitest';
import { credentialsFor } from '../../../src/job/credentials.js';
import { parsePayload } from '../../../src/job/payload.js';
import { type Sandbox, sandboxArgs } from '../../../src/sandbox/flags.js';
import { makeJobInput } from '../../../src/sandbox/job-input.js';

import { limitsOf } from '../../../src/settings/limits.js';
import { readSettings } from '../../../src/settings/read.js';

import { payloadOf } from '../../support/payload.js';

const sandbox: Sandbox = {
  name: 'koalaci-x',
  image: 'koalaci:latest',
  network: 'koalaci',
  job: 'ann:d1',
  runner: 'host/boot/1/2',
  attempt: 'r',
  labels: { 'koalaci.project': 'site' },
  limits: limitsOf(readSettings({ KOALACI_MEMORY: '1g' })),
};

it('drops every capability but those that the entrypoint needs', () => {
  const args = sandboxArgs(sandbox);
  expect(args.join(' ')).toContain('--cap-drop ALL');
  expect(args.filter((_, index) => args[index - 1] === '--cap-add')).toEqual([
    'SETUID',
    'SETGID',
    'SETPCAP',
    'KILL',
  ]);
  expect(args).toContain('no-new-privileges');
});

it('names a file of its own that says which system calls a build may make', () => {
  const [profile = ''] = sandboxArgs(sandbox).filter((word) => word.startsWith('seccomp='));
  expect(profile).toMatch(/^seccomp=\/.*\/ci\/sandbox\/seccomp\.json$/);
});

it('leaves no swap above the memory limit', () => {
  const args = sandboxArgs(sandbox);
  const after = (flag: string) => args[args.indexOf(flag) + 1];
  expect(after('--memory')).toBe('1073741824');
  expect(after('--memory-swap')).toBe(after('--memory'));
});

it('mounts nothing of the host but a local source, read-only', () => {
  expect(sandboxArgs(sandbox).join(' ')).not.toMatch(/type=bind|--volume|-v /);
  expect(sandboxArgs({ ...sandbox, localSource: '/srv/site' })).toContain(
    'type=bind,source=/srv/site,target=/koala/source,readonly',
  );
});

it('mounts what it borrows beside it', () => {
  const args = sandboxArgs({
    ...sandbox,
    localSource: '/srv/site',
    borrowed: ['/srv/a/objects', '/srv/b/objects'],
  });
  expect(args).toContain('type=bind,source=/srv/b/objects,target=/koala/borrowed/1,readonly');
});

it('leaves memory beside the files in /tmp', () => {
  const tmp = (memory: string) => {
    const limits = limitsOf(readSettings({ KOALACI_MEMORY: memory }));
    return sandboxArgs({ ...sandbox, limits }).find((arg) => arg.startsWith('/tmp:'));
  };
  expect(tmp('4g')).toMatch(/size=3758096384$/);
  expect(tmp('64m')).toMatch(/size=33554432$/);
});

it('mounts a path with a comma and a quote as one value', () => {
  expect(sandboxArgs({ ...sandbox, localSource: '/srv/a,"b' })).toContain(
    'type=bind,"source=/srv/a,""b",target=/koala/source,readonly',
  );
});

it('tells the job on stdin: names, a NUL after each, an empty one, the certificates', () => {
  const asked = {
    project_repo_url: 'https://ann:s3cret@example.com/a.git',
    project_build_command: 'echo "$X"; false\n',
    env: { X: 'a=b\nc' },
    project_branch: 'refs/tags/v1',
    project_fetch: { depth: 'full', tags: false },
  };
  const payload = parsePayload(payloadOf(asked));
  const parts = makeJobInput({
    payload,
    nonce: 'n',
    credentials: credentialsFor(payload, []),
    knownHosts: ['h ssh-ed25519 AAAA'],
    uid: 1_234_567,
    installKey: 'k',
    extraCa: 'PEM',
    proxies: { http_proxy: 'http://proxy.example:3128' },
    limits: { cpus: 2, disk: 3, inodes: 4 },
    frozenLockfile: true,
    toolCacheLimit: 9,
    downloadCacheLimit: 10,
  })
    .bytes.toString()
    .split('\0');
  expect(parts).toEqual(
    expect.arrayContaining([
      'uid=1234567',
      'url=https://example.com/a.git',
      'credential=http\nhttps\nexample.com\n\nann\ns3cret',
      'known_hosts=h ssh-ed25519 AAAA',
      'command=echo "$X"; false\n',
      'project=site',
      'deployment=d1',
      'skip_ci=1',
      'frozen=1',
      'env.X=a=b\nc',
      'branch=v1',
      'is_tag=1',
      'fetch_depth=0',
      'fetch_tags=0',
      'http_proxy=http://proxy.example:3128',
      'tool_cache_limit=9',
      'download_cache_limit=10',
    ]),
  );
  expect(parts.slice(-2)).toEqual(['', 'PEM']);
});
