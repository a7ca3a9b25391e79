import { expect, it } from 'vitest';
import { drawFindings } from '../../../src/ui/findings.js';

it('draws a line for each finding, and what to do below it', () => {
  expect(
    drawFindings(
      [
        { check: 'network', level: 'ok', found: 'koalaci' },
        { check: 'redis', level: 'error', found: 'it does not answer', remedy: 'Start it.' },
      ],
      Number.POSITIVE_INFINITY,
    ),
  ).toEqual(['✔ network      koalaci', '✖ redis        it does not answer', '               Start it.']);
});

it('breaks words at spaces on a narrow terminal, and leaves what is to be typed as it is', () => {
  const commands = ['sudo apt-get install docker-ce containerd.io'];
  const finding = {
    check: 'engine',
    level: 'warning' as const,
    found: 'it is very old',
    remedy: 'Upgrade it now.',
    commands,
  };
  expect(drawFindings([finding], 27)).toEqual([
    '! engine       it is very',
    '               old',
    '               Upgrade it',
    '               now.',
    '               $ sudo apt-get install docker-ce containerd.io',
  ]);
});

it('draws the settings that are set below their finding', () => {
  const settings = [
    { name: 'KOALACI_MEMORY', value: '8g', set: true },
    { name: 'KOALACI_PIDS', value: '4096', set: false },
  ];
  const finding = { check: 'settings', level: 'ok' as const, found: '1 of 2 is set', settings };
  expect(drawFindings([finding], 80)).toEqual([
    '✔ settings     1 of 2 is set',
    '               KOALACI_MEMORY  8g',
  ]);
});
