import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Payload } from '../../../src/job/payload.js';
import { FIELD_WORDS } from '../../../src/job/payload-fields.js';

it('every field stands in the README, with its flags and what it is', () => {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  const [, table = ''] = readme.split('| field | flag | rule |\n| --- | --- | --- |\n');
  const rows = Object.entries(FIELD_WORDS).map(
    ([field, { flags, says }]) => `| \`${field}\` | ${flags ? `${flags} ` : ''}| ${says} |`,
  );
  expect(table.split('\n\n')[0]?.split('\n')).toEqual(rows);
});

it('those that a job may leave out are called optional, and no others', () => {
  const optional = Object.entries(Payload.shape).filter(([, schema]) => schema.isOptional());
  const said = Object.entries(FIELD_WORDS).filter(([, { says }]) => says.startsWith('optional: '));
  expect(said.map(([name]) => name).sort()).toEqual(optional.map(([name]) => name).sort());
});
