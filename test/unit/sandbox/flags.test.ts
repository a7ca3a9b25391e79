import { expect, it } from 'vitest';
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
  };
  const payload = parsePayload(payloadOf(asked));
  const parts = makeJobInput({
    payload,
    nonce: 'n',
    installKey: 'k',
    extraCa: 'PEM',
    cpus: 2,
    frozenLockfile: true,
    toolCacheLimit: 9,
    downloadCacheLimit: 10,
  })
    .bytes.toString()
    .split('\0');
  expect(parts).toEqual(
    expect.arrayContaining([
      'url=https://example.com/a.git',
      'password=s3cret',
      'command=echo "$X"; false\n',
      'frozen=1',
      'env.X=a=b\nc',
      'tool_cache_limit=9',
      'download_cache_limit=10',
    ]),
  );
  expect(parts.slice(-2)).toEqual(['', 'PEM']);
});
