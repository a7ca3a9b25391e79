import { expect, it } from 'vitest';
import { measured } from '../../../src/telemetry/measured.js';
import { gauge } from '../../../src/telemetry/metrics.js';

it('is measured once for all who ask, and again only later', async () => {
  let times = 0;
  const ask = measured(async () => [gauge('koalas', 'Koalas.', ++times)]);
  const answers = [...(await Promise.all([ask(), ask()])), await ask()].flat();
  expect(answers.map(({ values }) => values[0]?.[1])).toEqual([1, 1, 1]);
});

it('is left out when it cannot be measured', async () => {
  const ask = measured(async () => {
    throw new Error('no engine');
  });
  expect(await ask()).toEqual([]);
});
