// All changes, the frequent kinds more often.
import fc from 'fast-check';
import type { Change } from './change.js';
import { dependencyChanges, workspaceChanges } from './dependencies.js';
import { fileChanges } from './files.js';
import { buildChanges, jobChanges, sourceChanges } from './job.js';

export const anyChange: fc.Arbitrary<Change> = fc.oneof(
  { weight: 6, arbitrary: fc.oneof(...fileChanges) },
  { weight: 6, arbitrary: fc.oneof(...dependencyChanges) },
  { weight: 3, arbitrary: fc.oneof(...workspaceChanges) },
  { weight: 4, arbitrary: fc.oneof(...jobChanges) },
  { weight: 6, arbitrary: fc.oneof(...buildChanges) },
  { weight: 2, arbitrary: fc.oneof(...sourceChanges) },
);
