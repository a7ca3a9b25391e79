// Changes of the job and of how it is built: manager, Node, root, variables, habits, branch, repository.
import fc from 'fast-check';
import { HABIT_NAMES } from '../project/habits.js';
import { WORKSPACE_NAMES } from '../project/initial.js';
import { MANAGERS } from '../project/model.js';
import { type Change, change } from './change.js';

const nothing = fc.constant(undefined);

export const jobChanges: fc.Arbitrary<Change>[] = [
  change(fc.constantFrom(...MANAGERS), {
    kind: 'switches the manager',
    say: (manager) => `switches to the package manager ${manager}`,
    edit: (_, manager) => ({ manager }),
  }),
  change(fc.boolean(), {
    kind: 'leaves the manager to be found',
    say: (auto) => (auto ? 'leaves the package manager to be found' : 'names its package manager'),
    edit: (_, auto) => ({ auto }),
  }),
  change(fc.constantFrom('20', '22', '24', '21', '21.6.0'), {
    kind: 'switches Node',
    say: (node) => `switches to Node ${node}`,
    edit: (_, node) => ({ node }),
  }),
  change(fc.option(fc.constantFrom(...WORKSPACE_NAMES), { nil: '' }), {
    kind: 'switches the root',
    say: (root) => `builds ${root ? `packages/${root}` : 'the root'}`,
    applies: (project, root) => root === '' || root in project.workspaces,
    edit: (_, root) => ({ root }),
  }),
  change(fc.constantFrom({}, { FLAG: 'one' }, { FLAG: 'two', OTHER: 'x' }, { NODE_ENV: 'production' }), {
    kind: 'changes variables',
    say: (env) => `has the variables ${JSON.stringify(env)}`,
    edit: (_, env) => ({ env }),
  }),
  change(fc.constantFrom('dist', 'out', '.', '.next', 'public'), {
    kind: 'switches the dist directory',
    say: (dist) => `ships ${dist}`,
    edit: (_, dist) => ({ dist }),
  }),
  change(fc.constantFrom<string[]>([], ['my-cache/']), {
    kind: 'changes its own caches',
    say: (cache) => `names as its own caches: ${cache.join(', ') || 'none'}`,
    edit: (_, cache) => ({ cache }),
  }),
  change(fc.boolean(), {
    kind: 'loses its package.json',
    say: (plain) => (plain ? 'has no package.json' : 'has a package.json'),
    edit: (_, plain) => ({ plain }),
  }),
];

export const buildChanges: fc.Arbitrary<Change>[] = [
  change(nothing, { kind: 'pushes nothing new' }),
  change(fc.constantFrom(...HABIT_NAMES), {
    kind: 'takes up a habit',
    say: (habit) => `has a build that ${habit}`,
    edit: ({ habits }, habit) => ({ habits: habits.includes(habit) ? habits : [...habits, habit] }),
  }),
  change(nothing, { kind: 'gives up its habits', edit: () => ({ habits: [] }) }),
  change(nothing, {
    kind: 'meets a build that fails',
    // A second failure in a row is not tried once more, and this habit may be one.
    applies: ({ habits }) => !habits.includes('trips over its own cache'),
    ends: 'failed',
  }),
  change(nothing, { kind: 'meets a build that is canceled', ends: 'canceled' }),
];

export const sourceChanges: fc.Arbitrary<Change>[] = [
  change(fc.constantFrom('main', 'feature'), {
    kind: 'switches the branch',
    say: (branch) => `goes on with the branch ${branch}`,
    edit: (_, branch) => ({ branch }),
  }),
  change(fc.constantFrom('main', 'fork'), {
    kind: 'switches the repository',
    say: (repository) => `goes on in the repository ${repository}`,
    edit: (_, repository) => ({ repository }),
  }),
  change(nothing, {
    kind: 'forces a push',
    say: () => 'pushes with force, without what was before',
    force: true,
  }),
];
