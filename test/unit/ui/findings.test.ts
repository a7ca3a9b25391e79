import { expect, it } from 'vitest';
import { drawFindings } from '../../../src/ui/findings.js';

it('draws a line for each finding, and what to do below it', () => {
  expect(
    drawFindings([
      { check: 'network', level: 'ok', found: 'koalaci' },
      { check: 'redis', level: 'error', found: 'it does not answer', remedy: 'Start it.' },
    ]),
  ).toEqual(['✔ network      koalaci', '✖ redis        it does not answer', '               Start it.']);
});

it('draws the settings below their finding, defaults in brackets', () => {
  const settings = [
    { name: 'KOALACI_MEMORY', value: '8g', set: true },
    { name: 'KOALACI_PIDS', value: '4096', set: false },
    { name: 'REDIS_URL', value: '', set: false },
  ];
  expect(drawFindings([{ check: 'settings', level: 'ok', found: '1 of 3 is set', settings }])).toEqual([
    '✔ settings     1 of 3 is set',
    '               KOALACI_MEMORY  8g',
    '               KOALACI_PIDS    (4096)',
    '               REDIS_URL       (none)',
  ]);
});
