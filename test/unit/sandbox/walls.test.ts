import { expect, it } from 'vitest';
import { parseWalls } from '../../../src/docker/engine.js';
import { showWalls, weaknessesOf, weaknessesOfAddress } from '../../../src/sandbox/walls.js';

/** What docker info says. */
const said = (security: string[], runtimes: object, ...limits: boolean[]) =>
  parseWalls(JSON.stringify([security, runtimes, ...limits]));

const USUAL = said(
  ['name=apparmor', 'name=seccomp,profile=builtin'],
  { runc: { path: 'runc' } },
  true,
  true,
  true,
);

it('has nothing to say against an engine as it usually is', () => {
  expect(weaknessesOf(USUAL, undefined)).toEqual([]);
  expect(showWalls(USUAL, undefined)).toMatch(/share the machine's kernel; root in a container is root/);
});

it('says what an engine without seccomp, and one that cannot limit, lacks', () => {
  const [first, second] = weaknessesOf(said(['name=rootless'], {}, true, false, false), undefined);
  expect(first?.found).toMatch(/filters no system calls/);
  expect(second?.found).toBe('the engine cannot limit processors, processes');
  expect(second?.remedy).toMatch(/delegates/);
});

it.each([
  [['name=seccomp', 'name=rootless'], /ordinary user/],
  [['name=seccomp', 'name=userns'], /nobody on the machine/],
])('says who root in a container is: %j', (security, who) => {
  expect(showWalls(said(security, {}, true, true, true), 'runc')).toMatch(who);
});

it('warns of a runtime that the engine does not have', () => {
  expect(weaknessesOf(USUAL, 'runsc')).toMatchObject([
    { found: 'the engine has no runtime runsc; it has runc' },
  ]);
});

it('warns of a gVisor that keeps what a build writes to itself', () => {
  const withArgs = (runtimeArgs: string[]) =>
    said(['name=seccomp'], { runsc: { path: 'runsc', runtimeArgs } }, true, true, true);
  expect(weaknessesOf(withArgs([]), 'runsc')).toHaveLength(1);
  expect(weaknessesOf(withArgs(['--overlay2=none']), 'runsc')).toEqual([]);
});

it('has nothing to say against a socket of this machine', () => {
  expect(weaknessesOfAddress({ host: 'unix:///run/user/1000/docker.sock', isProven: true })).toEqual([]);
});

it('says what an engine elsewhere weakens, and that one without TLS lets everybody in', () => {
  const found = (host: string, isProven: boolean) =>
    weaknessesOfAddress({ host, isProven }).map((one) => one.found);
  expect(found('ssh://box', true)).toEqual([expect.stringMatching(/ssh:\/\/box.*local sources/)]);
  expect(found('tcp://box:2376', true)).toHaveLength(1);
  expect(found('tcp://box:2375', false)).toEqual([
    expect.stringMatching(/root of its machine/),
    expect.stringMatching(/elsewhere/),
  ]);
});
