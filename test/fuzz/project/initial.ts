// The first state of a history.
import fc from 'fast-check';
import { HABIT_NAMES } from './habits.js';
import {
  type Dependency,
  type Habit,
  MANAGERS,
  type Project,
  type Published,
  type Workspace,
} from './model.js';
import { SCRIPT_NAMES } from './scripts.js';

export const DEPENDENCY_NAMES = ['alpha', 'beta', 'next', 'turbo'];
export const WORKSPACE_NAMES = ['one', 'three', 'two'];

/** Lines that attributes, encodings and keywords of git can change. */
export const textOf = (word: string) => `${word}\n$Id$\nf\u00fcr\n`;

const FILES = {
  'input.txt': { text: textOf('one') },
  'src/a.js': { text: 'a\n' },
  'src/b.js': { text: 'b\n', executable: true as const },
  'docs/\u00fc \u00f6.txt': { text: textOf('odd name') },
};

export const anyScript = fc.option(fc.constantFrom(...SCRIPT_NAMES), { nil: undefined, freq: 2 });

export const anyDependency: fc.Arbitrary<Dependency> = fc.record({
  form: fc.constantFrom('tarball' as const, 'directory' as const),
  version: fc.constantFrom(1, 2),
  body: fc.constantFrom(1, 2, 3),
  script: anyScript,
  at: fc.option(fc.constantFrom(...WORKSPACE_NAMES), { nil: undefined, freq: 2 }),
});

export const anyWorkspace: fc.Arbitrary<Workspace> = fc.record({
  body: fc.constantFrom(1, 2, 3),
  script: anyScript,
  needs: fc.option(fc.constantFrom(...WORKSPACE_NAMES), { nil: undefined }),
  injected: fc.boolean(),
});

export const anyPublished: fc.Arbitrary<Published> = fc.record({
  version: fc.constantFrom('2.1.2' as const, '2.1.3' as const),
  as: fc.constantFrom('dependencies' as const, 'devDependencies' as const, 'peerDependencies' as const),
});

/** A project as one meets them. */
export const anyProject: fc.Arbitrary<Project> = fc
  .record({
    manager: fc.constantFrom(...MANAGERS, 'npm' as const, 'pnpm' as const),
    dependencies: fc.dictionary(fc.constantFrom(...DEPENDENCY_NAMES), anyDependency, {
      maxKeys: 2,
      noNullPrototype: true,
    }),
    workspaces: fc.oneof(
      { weight: 2, arbitrary: fc.constant({}) },
      {
        weight: 1,
        arbitrary: fc.dictionary(fc.constantFrom(...WORKSPACE_NAMES), anyWorkspace, {
          maxKeys: 2,
          noNullPrototype: true,
        }),
      },
    ),
    script: anyScript,
    published: fc.option(anyPublished, { nil: undefined, freq: 1 }),
    auto: fc.constantFrom(false, false, false, true),
    installLinks: fc.boolean(),
    habits: fc.uniqueArray(fc.constantFrom(...HABIT_NAMES), { maxLength: 2 }) as fc.Arbitrary<Habit[]>,
    dist: fc.constantFrom('dist', 'dist', 'dist', 'out', '.', '.next', 'public'),
  })
  .map((chosen) => ({ ...BLANK, ...chosen }));

const BLANK = {
  ...{ files: FILES, attributes: [], ignored: ['node_modules', 'dist'], plain: false, env: {}, cache: [] },
  ...{ branch: 'main', repository: 'main' },
};
