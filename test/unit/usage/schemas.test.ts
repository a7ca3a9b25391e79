import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { PLACES } from '../../../src/job/places.js';
import { publicJson } from '../../../src/job/public-json.js';
import { jsonSchema, SCHEMAS } from '../../../src/usage/schemas.js';
import { payloadOf } from '../../support/payload.js';
import { recordsOfEveryStatus } from '../../support/records.js';

const ajv = new Ajv2020({ strict: false, validateFormats: false });
const fits = (name: string, value: unknown) => ajv.validate(jsonSchema(name) ?? false, value);

describe('koalaci schema', () => {
  it.each(Object.keys(SCHEMAS))('has names in snake_case only: %s', (name) => {
    const names: string[] = [];
    JSON.stringify(jsonSchema(name), (_key, value) => {
      if (value?.properties) names.push(...Object.keys(value.properties));
      return value;
    });
    expect(names).not.toEqual([]);
    expect(names.filter((one) => !/^[a-z][a-z0-9_]*$/.test(one))).toEqual([]);
  });

  it('describes a job, and refuses another one', () => {
    expect(fits('payload', payloadOf({}))).toBe(true);
    expect(fits('payload', { ...payloadOf({}), project_brunch: 'x' })).toBe(false);
  });

  it.each(recordsOfEveryStatus())('describes a deployment that is $status', (record) => {
    expect(fits('deployment', publicJson(record))).toBe(true);
    expect(fits('deployment', publicJson(record, PLACES))).toBe(true);
    expect(fits('deployment', { ...publicJson(record), status: 'DONE' })).toBe(false);
  });
});
