// The colours of a report can be read, by day and by night: 4.5 to 1 (WCAG 2.2, 1.4.3).
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../../../src/report/page/page.css', import.meta.url), 'utf8');
const [day = '', night = ''] = [...css.matchAll(/:root \{([^}]*--page[^}]*)\}/g)].map(([, block]) => block);
const coloursIn = (block: string) =>
  Object.fromEntries([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, name, hex]) => [name, hex]));

function luminance(hex = '#000000'): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string | undefined, other: string | undefined): number {
  const [more = 0, less = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (more + 0.05) / (less + 0.05);
}

const WORDS = [
  'text',
  'quiet',
  'accent',
  'good',
  'bad',
  'wait',
  ...Array.from({ length: 16 }, (_, n) => `c${n}`),
];

describe.each([
  ['day', coloursIn(day)],
  ['night', coloursIn(night)],
])('by %s', (_, colours) => {
  it.each(WORDS)('%s stands out on all that it may be on', (word) => {
    const grounds = ['page', 'card', 'target'].map((ground) => contrast(colours[word], colours[ground]));
    expect(Math.min(...grounds)).toBeGreaterThanOrEqual(4.5);
  });

  it('so does what was found', () => {
    expect(contrast(colours['mark-text'], colours.mark)).toBeGreaterThanOrEqual(4.5);
  });
});
