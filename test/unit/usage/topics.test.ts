import { describe, expect, it } from 'vitest';
import { TOPICS } from '../../../src/usage/topics.js';

const terms = (name: string) => Object.fromEntries(TOPICS[name]?.().entries ?? []);

describe('koalaci help', () => {
  it('explains exit codes, settings, fields and reasons', () => {
    expect(terms('exit-codes')).toMatchObject({ 124: 'timed out' });
    expect(terms('environment')).toMatchObject({ KOALACI_TIMEOUT: 'total time of a build (default: 45m)' });
    expect(terms('payload').project_commit).toBe('optional: a full SHA (--commit)');
    expect(terms('reasons').dist_missing).toMatch(/^project: the build left no dist directory/);
  });

  it.each(Object.keys(TOPICS))('has no Markdown in it: %s', (name) => {
    const text = Object.values(terms(name)).join('\n');
    expect(text).not.toMatch(/`|\]\(/);
  });
});
