import { expect, it } from 'vitest';
import { Payload } from '../../../src/job/payload.js';
import { FIELD_WORDS } from '../../../src/job/payload-fields.js';

it('those that a job may leave out are called optional, and no others', () => {
  const optional = Object.entries(Payload.shape).filter(([, schema]) => schema.isOptional());
  const said = Object.entries(FIELD_WORDS).filter(([, { says }]) => says.startsWith('optional: '));
  expect(said.map(([name]) => name).sort()).toEqual(optional.map(([name]) => name).sort());
});
