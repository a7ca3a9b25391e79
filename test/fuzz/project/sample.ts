// A small project that looks like real ones, for histories that are written by hand.
import type { Project } from './model.js';

export const SAMPLE: Project = {
  files: {
    'input.txt': { text: 'one\n' },
    'src/a.js': { text: 'a\n' },
    'src/b.js': { text: 'b\n', executable: true },
  },
  ...{ attributes: [], ignored: ['node_modules', 'dist', 'made.txt', 'generated'], manager: 'npm' },
  dependencies: {
    alpha: { form: 'tarball', version: 1, body: 1 },
    beta: { form: 'directory', version: 1, body: 2 },
  },
  workspaces: { one: { body: 1, needs: 'two' }, two: { body: 2 } },
  ...{ installLinks: false, plain: false, env: {}, habits: [], cache: [] },
  ...{ dist: 'dist', branch: 'main', repository: 'main' },
};
