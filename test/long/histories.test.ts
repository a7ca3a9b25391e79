// Histories by hand, like those that `npm run fuzz` draws: each state is built warm and clean.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { History, newTally } from '../fuzz/building/history.js';
import { Lane } from '../fuzz/building/lane.js';
import type { Dependency, Manager, Project, Script } from '../fuzz/project/model.js';
import { SAMPLE } from '../fuzz/project/sample.js';

const MINUTES = 60_000;
let lane: Lane;

beforeAll(async () => {
  lane = await Lane.open();
});
afterAll(() => lane[Symbol.asyncDispose]());

const TURBO: Dependency = { form: 'tarball', version: 2, body: 1 };

/** Each state is the one before with these fields. The last ones were found by the search. */
const HISTORIES: [string, { states: Partial<Project>[]; skipped: number; manager?: Manager }][] = [
  [
    'a build that leaves a mess, and files that change: no install',
    {
      states: [
        {
          habits: ['leaves files', 'changes modes', 'uses git', 'writes into the home directory'],
          dependencies: withScript('leaves a file in the home'),
        },
        { files: { ...SAMPLE.files, 'input.txt': { text: 'two\n' }, 'src/c.js': { text: 'c\n' } } },
      ],
      skipped: 1,
    },
  ],
  [
    'an install from nothing where a tool keeps its cache in node_modules',
    {
      states: [
        { habits: ['fills caches of tools'], dependencies: withScript('reads a file of the project') },
        { files: { ...SAMPLE.files, 'input.txt': { text: 'two\n' } } },
        { habits: [] },
      ],
      skipped: 1,
    },
  ],
  [
    'packages that come with what tsc left: no install; a script’s file that changes after an install on top, or gets other bytes by attributes',
    {
      states: [
        { files: { ...SAMPLE.files, 'input.txt': { text: 'two\n' } } },
        { dependencies: withScript('reads a file of the project') },
        { dependencies: { ...withScript('reads a file of the project'), turbo: TURBO } },
        { files: { ...SAMPLE.files, 'input.txt': { text: 'three\n' } } },
        { attributes: ['*.txt text eol=crlf'] },
      ],
      skipped: 1,
      manager: 'pnpm',
    },
  ],
  [
    'other bytes of a version, where the directory of a workspace has changed since the install',
    {
      states: [
        {
          ...{ installLinks: true, dependencies: { turbo: TURBO } },
          workspaces: { three: { body: 1, needs: 'one', injected: true } },
        },
        { submodule: 2 },
        { habits: ['removes a file of a dependency'] },
        { dependencies: { turbo: { ...TURBO, script: 'writes an executable file' } } },
      ],
      skipped: 1,
    },
  ],
];

it.each(HISTORIES)(
  'is built warm as clean: %s',
  async (_, { states, skipped, manager = SAMPLE.manager }) => {
    const tally = newTally();
    const history = new History(lane, { tally, known: new Map(), standby: true });
    let state: Project = { ...SAMPLE, manager };
    try {
      await history.build(state, { built: true, rested: true });
      for (const change of states) {
        state = { ...state, ...change };
        await history.build(state, { built: true, rested: true });
      }
    } finally {
      await history.close();
    }
    expect(tally.skipped).toBe(skipped);
  },
  5 * MINUTES,
);

function withScript(script: Script): Project['dependencies'] {
  return { ...SAMPLE.dependencies, alpha: { form: 'tarball', version: 1, body: 1, script } };
}
