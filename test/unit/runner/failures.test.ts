// The table of failures against what real tools printed (test/fixtures/failures): each is told, and none of another's words are.
import { describe, expect, it } from 'vitest';
import { FAULTS } from '../../../src/job/ending.js';
import { explain, explainEndless } from '../../../src/runner/explain.js';
import type { Explanation } from '../../../src/runner/explanations/explanation.js';
import { OWN_WORDS } from '../../../src/runner/explanations/own-words.js';
import { type Row, readRow } from '../../../src/runner/explanations/row.js';
import { ROWS } from '../../../src/runner/explanations/rows.js';
import { linesOf } from '../../../src/runner/explanations/words.js';
import { unwrap } from '../../../src/runner/explanations/wrappers.js';
import { allSaid, type Said } from '../../support/last-words.js';

const SAID = allSaid();
const failed = SAID.filter(({ id }) => id !== 'green' && id !== 'unknown' && id !== 'watcher');
const green = SAID.filter(({ id }) => id === 'green');
const unknown = SAID.filter(({ id }) => id === 'unknown');
const endless = SAID.filter(({ id }) => id === 'watcher');

const managerOf = ({ tool }: Said) => /^(?:npm|yarn|pnpm|bun)(?=@)/.exec(tool)?.[0];
const explained = (said: Said) => explain({ ...said, manager: managerOf(said) }) as Explanation;

/** What the lines that matter must have, of each output of a kind. */
const SHOWS: Record<string, RegExp> = {
  'address-from-nothing': /Invalid URL/,
  'bad-option': /node: .*--\S+/,
  'browser-missing': /Could not find Chrome|Executable doesn't exist/,
  'browser-only': /window is not defined/,
  'connection-failed': /ECONNREFUSED 127\.0\.0\.1:\d+|Failed to connect/,
  'corepack-network': /registry\.no-such-host\.invalid/,
  'dead-links': /\.\/gone/,
  'dev-engines': />=99/,
  'directory-missing': /lib/,
  engine: />=\s?99/,
  eslint: /'undefinedName' is not defined/,
  'file-missing': /content\/posts/,
  'import-attribute': /package\.json/,
  formatting: /p\.js|Formatter would have/,
  'graphql-schema': /schema\.graphql|127\.0\.0\.1:9/,
  'google-fonts': /Failed to fetch.*Inter/,
  heap: /JavaScript heap out of memory/,
  'history-missing': /^fatal: /,
  'host-unknown': /no-such-host\.invalid|binaries\.prisma\.sh|Name or service not known/,
  'json-broken': /in JSON at position 10/,
  'make-target': /No rule to make target '(?:deploy|dist)'/,
  'missing-export': /gone/,
  'module-missing': /Cannot find (?:module|package) '/,
  'nothing-to-lint': /"src"/,
  'no-permission': /\/opt\/site/,
  'no-such-export': /'nope'/,
  'node-too-old': /Next\.js, Node\.js version|supported/,
  'not-exported': /lib\/x\.js/,
  'old-node': /node:\w+|is not a function|is not defined/,
  'old-syntax': /SyntaxError: Unexpected/,
  openssl: /error:0308010C/,
  'out-of-step': /from lock file|not in sync|up to date|out of sync|updated|incompatible|YN0028|frozen/,
  'peer-conflict': /(?:Found: react@18\.2\.0|unmet peer react)[\s\S]*react-side-effect@1\.2\.0/,
  platform: /fsevents@2\.3\.3/,
  'pnpm-ignored-builds': /better-sqlite3@11\.10\.0/,
  'port-taken': /EADDRINUSE.*4173/,
  'program-missing': /zola|sudo|docker/,
  'python-module': /No module named/,
  'registry-missing': /ms@npm:99\.0\.0|@acme\/ui/,
  'require-of-esm': /require\(\)/,
  'sass-missing': /Can't find stylesheet|gone/,
  'script-refused': /bindings file|Electron failed|Cypress binary is missing|\.prisma\/client/,
  'source-syntax':
    /Unexpected|Expected|Invalid|Parse error|syntax|was never closed|expected|left open|not found/i,
  stylelint: /a\.css[\s\S]*colr|a\.css[\s\S]*FFFFFF/,
  stylesheet: /nope-4|Unexpected \}|Unknown|u\.css/,
  'tests-failed': /test\/|Expected|adds|bad/,
  'too-many-files': /EMFILE/,
  'too-many-warnings': /'a' is assigned a value but never used/,
  tsconfig: /moduleResolution=node10/,
  typescript: /Type 'string' is not assignable to type 'number'|TS2551/,
  'unresolved-import': /dayjs|menu|gone|Gone|colors/i,
  'variable-missing': /API_URL|DATABASE_URL|DEPLOY_TARGET|SITE_URL|API_KEY|environment variables/,
  'warnings-as-errors': /'useState' is defined but never used/,
  'workspace-missing': /@acme\/ui/,
  'wrong-manager': /packageManager|configured to use/,
};

describe.each(failed)('$id, by $tool:', (said) => {
  const { id, message, remedy, fault, extract = [] } = explained(said);

  it('is told, with whose fault it is and what to do', () => {
    expect(id).toBe(said.id);
    expect(FAULTS).toContain(fault);
    expect(`${remedy}`).not.toMatch(/\$\d|\bundefined(?!")|lines above/);
    expect(message).not.toMatch(/[.:]$/);
    expect(remedy).toMatch(/\S/);
  });

  it('shows the lines that matter', () => {
    expect(extract.length).toBeLessThanOrEqual(10);
    expect(extract.join('\n')).toMatch(said.output.trim() ? (SHOWS[said.id] ?? /\S/) : /^$/);
  });
});

it('has forty kinds and more, fifteen and more of them in the words of two versions of a tool', () => {
  const kinds = new Map<string, Set<string>>();
  for (const { id, tool } of failed) kinds.set(id, (kinds.get(id) ?? new Set()).add(tool));
  const versions = (tools: Set<string>) => [...tools].map((tool) => tool.replace(/@[^@]*$/, ''));
  const twice = [...kinds.values()].filter((tools) => new Set(versions(tools)).size < tools.size);
  expect(kinds.size).toBeGreaterThanOrEqual(40);
  expect(twice.length).toBeGreaterThanOrEqual(15);
});

it('each kind of the table has a name of its own, or is told of several tools', () => {
  for (const row of ROWS) expect(ROWS.filter(({ id, of }) => id === row.id && of === row.of)).toHaveLength(1);
});

/** What a row alone says of an output. */
function alone(row: Row, said: Said): string | undefined {
  const failure = { ...said, manager: managerOf(said) };
  const lines = linesOf(said.output);
  const inner = unwrap(lines);
  const words = row.of
    ? [OWN_WORDS[row.of](lines), OWN_WORDS[row.of](inner.lines)]
    : [inner.lines.join('\n')];
  const exitCode = inner.code ?? said.exitCode;
  return words.map((one) => one && readRow(row, one, { ...failure, exitCode })?.id).find(Boolean);
}

describe.each(ROWS.map((row) => ({ name: `${row.id}${row.of ? ` (${row.of})` : ''}`, row })))('$name', ({
  row,
}) => {
  it('is not seen in the words of another failure', () => {
    const others = [...failed, ...unknown].filter(
      ({ id, step }) => id !== row.id && (row.of || step === 'build'),
    );
    expect(others.filter((said) => alone(row, said)).map(({ id, tool }) => `${id} ${tool}`)).toEqual([]);
  });

  it('is not seen in a build that is green', () => {
    const seen = green.filter((said) => alone(row, { ...said, exitCode: 1 }));
    expect(seen.map(({ tool, output }) => `${tool} ${output.slice(-200)}`)).toEqual([]);
  });
});

it('there are twenty green ones and more', () => {
  expect(green.length).toBeGreaterThanOrEqual(20);
});

it.each(unknown)('nobody knows $tool: $output', (said) => {
  const found = explained(said);
  expect(found.message).toBeUndefined();
  expect(found.extract?.length).toBeLessThanOrEqual(10);
});

it.each(endless)('$tool does not end', ({ step, output }) => {
  expect(explainEndless({ step, output })).toMatchObject({
    id: expect.stringMatching(/^(?:watcher|does-not-end)$/),
  });
});

it.each([...green])('a green $tool does not seem endless', ({ step, output }) => {
  expect(explainEndless({ step, output })).not.toMatchObject({ id: 'watcher' });
});
