import { expect, it } from 'vitest';
import { ControlLines } from '../../../src/sandbox/control-lines.js';

const event = (n: number) => `{"n":${n},"event":"finished"}\n`;

/** What is made of a container's stderr, which comes in pieces. */
function heard(text: string, pieces = text.length) {
  const events: number[] = [];
  const broken: string[] = [];
  const lines = new ControlLines({ event: ({ n }) => events.push(n), broken: (how) => broken.push(how) });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieces) lines.write(bytes.subarray(at, at + pieces));
  lines.end();
  return { events, broken, foreign: lines.foreign };
}

it.each([1, 7, 1_000])('reads events that come in pieces of %i bytes', (pieces) => {
  expect(heard(event(1) + event(2), pieces)).toEqual({ events: [1, 2], broken: [], foreign: '' });
});

it.each([
  'docker: Error response from daemon: no such image.',
  'Unable to find image locally',
  'anything the engine says',
])('takes "%s" for the docker command’s words, at the start', (line) => {
  expect(heard(`${line}\n${event(1)}`)).toEqual({ events: [1], broken: [], foreign: line });
});

it.each([
  'time="2026-01-01T00:00:00Z" level=error msg="error waiting for container: unexpected EOF"',
  'error during connect: Get "http://docker/v1.41/": EOF',
])('takes "%s" for them at any time', (line) => {
  expect(heard(`${event(1)}${line}\n`)).toEqual({ events: [1], broken: [], foreign: line });
});

it.each([
  ['a word', `${event(1)}hello\n`, /hello/],
  ['half an event', `${event(1)}{"n":2,"event":"finis\n`, /finis/],
  ['an event that there is not, also at the start', '{"n":1,"event":"made_up"}\n', /made_up/],
  ['a number twice', event(1) + event(1), /event 1 came in place of 2/],
  ['a number too high', event(1) + event(3), /event 3 came in place of 2/],
  [
    'more events than there are',
    Array.from({ length: 101 }, (_, at) => event(at + 1)).join(''),
    /too many events/,
  ],
  ['a line without an end', 'x'.repeat(2 * 1024 ** 2 + 1), /without an end/],
  ['lines without end', 'docker: no\n'.repeat(800_000), /too many bytes/],
])('is broken by %s', (_, text, how) => {
  const { broken } = heard(text, 64 * 1024);
  expect(broken).toEqual([expect.stringMatching(how)]);
});

it('hears nothing after that', () => {
  expect(heard(`${event(1)}hello\n${event(2)}`).events).toEqual([1]);
});

it('does not mind half a line at the end: the container was stopped', () => {
  expect(heard(`${event(1)}{"n":2,"event":"finis`)).toMatchObject({ events: [1], broken: [] });
});

it('keeps little of what it hears', () => {
  expect(heard(`${'x'.repeat(5_000)}\n`.repeat(200)).foreign.length).toBeLessThan(101 * 1_001);
});
