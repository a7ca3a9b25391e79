import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { seccompProfile } from '../../../src/sandbox/seccomp.js';

interface Rule {
  names: string[];
  action: string;
  args?: { index: number; value: number; op: string }[];
}

const profile = JSON.parse(readFileSync(seccompProfile().path, 'utf8')) as {
  defaultAction: string;
  syscalls: Rule[];
};
const allowed = profile.syscalls.filter(({ action }) => action === 'SCMP_ACT_ALLOW');
const reasons = readFileSync(seccompProfile().path.replace(/json$/, 'md'), 'utf8');

it('refuses what it does not name', () => {
  expect(profile.defaultAction).toBe('SCMP_ACT_ERRNO');
});

it('gives a reason for each call that it takes away, and allows none of these', () => {
  const rows = reasons.split('\n').filter((line) => line.startsWith('| `') && !line.includes('` of '));
  const taken = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([a-z0-9_]+)`/g)].map(([, name]) => name),
  );
  expect(taken).toEqual(expect.arrayContaining(['ptrace', 'io_uring_setup', 'bpf', 'unshare', 'keyctl']));
  const unlimited = allowed.filter(({ args }) => !args).flatMap(({ names }) => names);
  expect(taken.filter((name) => name !== undefined && unlimited.includes(name))).toEqual([]);
});

it.each(['clone', 'socket', 'personality'])('allows %s for some arguments only', (name) => {
  const rules = allowed.filter(({ names }) => names.includes(name));
  expect(rules.length).toBeGreaterThan(0);
  for (const { args } of rules) expect(args).toBeDefined();
});

it('allows sockets of the families unix, inet and inet6, and netlink for routes', () => {
  const families = allowed.flatMap(({ names, args = [] }) =>
    names.includes('socket') ? [args[0]?.value] : [],
  );
  expect(new Set(families)).toEqual(new Set([1, 2, 10, 16]));
});
