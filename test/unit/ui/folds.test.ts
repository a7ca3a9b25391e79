import { expect, it } from 'vitest';
import { foldsFor, github, gitlab } from '../../../src/ui/folds.js';

it('are those of the CI in which koalaci runs', () => {
  expect(foldsFor({})).toBeUndefined();
  expect(foldsFor({ CI: 'true' })).toBeUndefined();
  expect(foldsFor({ GITHUB_ACTIONS: 'true' })?.begin('build', 'build', 0)).toMatch(/^::group::build\n/);
  expect(foldsFor({ GITLAB_CI: 'true' })?.begin('build', 'build', 0)).toContain('section_start');
});

it('GitHub obeys no build: commands are text until a word that nobody can guess', () => {
  const folds = github('a-word');
  expect(folds.begin('install', 'install', 0)).toBe('::group::install\n::stop-commands::a-word\n');
  expect(folds.end('install', 0)).toBe('::a-word::\n::endgroup::\n');
  expect(folds.failure('100 %\nof it')).toBe('::error title=koalaci::100 %25%0Aof it\n');
  const [first, second] = [foldsFor({ GITHUB_ACTIONS: 'true' }), foldsFor({ GITHUB_ACTIONS: 'true' })];
  expect(first?.end('x', 0)).not.toBe(second?.end('x', 0));
});

it("GitLab's sections have the time in seconds", () => {
  const folds = gitlab();
  expect(folds.begin('install', 'install', 5_999)).toBe(
    '\x1b[0Ksection_start:5:koalaci_install[collapsed=true]\r\x1b[0Kinstall\n',
  );
  expect(folds.end('install', 7_000)).toBe('\x1b[0Ksection_end:7:koalaci_install\r\x1b[0K\n');
});
