import { describe, expect, it } from 'vitest';
import type { ProjectId, UserId } from '../../../src/job/identity.js';
import { parsePayload } from '../../../src/job/payload.js';
import { changedInput, inputsOf, reuseSecret } from '../../../src/reuse/inputs.js';
import { commitKey, scopesOf } from '../../../src/reuse/keys.js';
import { keysOf, ownKeys, planOf, readsIn, withTree } from '../../../src/reuse/plan.js';
import { payloadOf } from '../../support/payload.js';

const [ann, site] = ['ann' as UserId, 'site' as ProjectId];
const MACHINE = {
  ...{
    image: 'sha256:1',
    runtime: undefined,
    frozenLockfile: false,
    extraCa: undefined,
    proxies: {},
    host: 'box',
  },
  limits: { cpus: 2, memory: 1, pids: 1 },
};
const KEY = reuseSecret('secret', { user: ann, project: site });
const inputs = (fields: object = {}, machine: object = {}) =>
  inputsOf(parsePayload(payloadOf(fields)), { ...MACHINE, ...machine }, KEY);

describe('the inputs of a job', () => {
  it.each<[string, object, object?]>([
    ['the variable A', { env: { A: '2' } }],
    ['the variable B', { env: { A: '1', B: '' } }],
    ['project_root', { env: { A: '1' }, project_root: 'app' }],
    ['project_fetch', { env: { A: '1' }, project_fetch: { depth: 1 } }],
    ['skip_ci', { env: { A: '1' }, skip_ci: false }],
    ['the builder image', { env: { A: '1' } }, { image: 'sha256:2' }],
    ["the operator's certificates", { env: { A: '1' } }, { extraCa: 'PEM' }],
    ["the operator's proxies", { env: { A: '1' } }, { proxies: { http_proxy: 'http://proxy' } }],
    ['KOALACI_FROZEN_LOCKFILE', { env: { A: '1' } }, { frozenLockfile: true }],
  ])('have %s', (name, fields, machine) => {
    expect(changedInput(inputs({ env: { A: '1' } }), inputs(fields, machine))).toBe(name);
  });

  it.each([
    { deployment_id: 'd2' },
    { timeout_seconds: 5 },
    { supersede: true },
    { reuse: 'related' },
  ])('do not have %o', (fields) => {
    expect(changedInput(inputs(), inputs(fields))).toBeUndefined();
  });

  it('hold no value that could be guessed without the secret', () => {
    const other = reuseSecret('other', { user: ann, project: site });
    expect(inputsOf(parsePayload(payloadOf({})), MACHINE, other)).not.toEqual(inputs());
    expect(JSON.stringify(inputs({ env: { A: 'tell-tale' } }))).not.toContain('tell-tale');
  });
});

describe('the scopes of a branch', () => {
  const own = { user: ann, project: site, repository: 'example.org/site', branch: 'feature' };

  it('are its own, and then the default one', () => {
    const [first, second] = scopesOf(own, 'main');
    expect([first]).toEqual(scopesOf(own, undefined));
    expect([second]).toEqual(scopesOf({ ...own, branch: 'main' }, 'main'));
  });

  it('are no other user’s, project’s or repository’s', () => {
    const others = [
      { user: 'bob' as UserId },
      { project: 'x' as ProjectId },
      { repository: 'example.org/fork' },
    ];
    for (const other of others)
      expect(scopesOf({ ...own, ...other }, 'main')).not.toEqual(scopesOf(own, 'main'));
  });
});

describe('what a build is remembered by', () => {
  const maker = { secret: KEY, inputs: inputs() };
  const refs = { commit: 'a'.repeat(40), tags: 't', defaultBranch: 'main', isDetached: false };
  const plan = withTree(
    planOf(maker, ['own', 'default'], refs, 'main'),
    { id: 'tree', entries: [], changed: undefined, texts: new Map() },
    undefined,
  );
  const keys = (report: string | undefined) => ownKeys(plan, readsIn(report)).keys;

  it('is its commit alone if it has looked at git, names what differs in each, or was not seen', () => {
    const commit = [{ scope: 'own', key: plan.commitKey }];
    for (const report of ['tree .git', 'all', 'variable KOALACI_COMMIT', undefined])
      expect(keys(report)).toEqual(commit);
  });

  it('is its files, too, if it has looked at nothing else', () => {
    expect(keys('none')).toEqual([
      { scope: 'own', key: plan.commitKey },
      { scope: 'own', key: plan.treeKey },
    ]);
    expect(keysOf(plan, [])).toHaveLength(4);
  });

  it('is nothing if it is of its deployment', () => {
    expect(keys('variable KOALACI_DEPLOYMENT')).toEqual([]);
    expect(keys('variable KOALACI_')).toEqual([]);
  });

  it('is another commit’s with another tag, branch, or default branch', () => {
    const key = commitKey(maker, refs, 'main');
    expect(commitKey(maker, { ...refs, tags: 'u' }, 'main')).not.toBe(key);
    expect(commitKey(maker, refs, 'feature')).not.toBe(key);
    expect(commitKey(maker, { ...refs, defaultBranch: 'dev' }, 'main')).not.toBe(key);
  });
});
