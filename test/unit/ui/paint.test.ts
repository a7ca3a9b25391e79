import { describe, expect, it } from 'vitest';
import { canRedraw, paintWith, wantsColour } from '../../../src/ui/paint.js';

const terminal = { isTTY: true, columns: 80 };
const pipe = {};

describe('colours', () => {
  it.each([
    ['on a terminal', terminal, {}, [], true],
    ['not in a pipe', pipe, {}, [], false],
    ['forced in a pipe', pipe, { FORCE_COLOR: '1' }, [], true],
    ['forced without a value', pipe, { FORCE_COLOR: '' }, [], true],
    ['forced off', terminal, { FORCE_COLOR: '0' }, [], false],
    ['NO_COLOR', terminal, { NO_COLOR: '1' }, [], false],
    ['NO_COLOR without a value says nothing', terminal, { NO_COLOR: '' }, [], true],
    ['NO_COLOR against FORCE_COLOR', terminal, { NO_COLOR: '1', FORCE_COLOR: '1' }, [], false],
    ['--no-color against FORCE_COLOR', terminal, { FORCE_COLOR: '1' }, ['--no-color'], false],
    ['a dumb terminal', terminal, { TERM: 'dumb' }, [], false],
    ['a CI', terminal, { CI: 'true' }, [], false],
    ['a CI with FORCE_COLOR', pipe, { CI: 'true', FORCE_COLOR: '1' }, [], true],
    ['what is no CI', terminal, { CI: 'false' }, [], true],
  ])('%s', (_, stream, env, args, expected) => {
    expect(wantsColour(stream, env, args)).toBe(expected);
  });

  it('are nothing but text where they are off', () => {
    expect(paintWith(false).red('x')).toBe('x');
    expect(paintWith(true).red('x')).toBe('\x1b[31mx\x1b[39m');
  });
});

it.each([
  ['a terminal', terminal, {}, true],
  ['one without a width', { isTTY: true, columns: 0 }, {}, false],
  ['a dumb one', terminal, { TERM: 'dumb' }, false],
  ['one of a CI', terminal, { CI: '1' }, false],
  ['a pipe', pipe, {}, false],
])('%s can be redrawn, or not', (_, stream, env, expected) => {
  expect(canRedraw(stream, env)).toBe(expected);
});
