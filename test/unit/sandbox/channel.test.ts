import { describe, expect, it } from 'vitest';
import { Channel } from '../../../src/sandbox/channel.js';

const NONCE = '0123456789abcdef0123456789abcdef';
const started = (n: number, step: string) => `{"n":${n},"event":"step_started","step":"${step}"}\n`;
const marker = (n: number) => `\x1e${NONCE} ${n}\n`;

function listen() {
  const seen: string[] = [];
  let log = '';
  const flush = () => {
    if (log) seen.push(log);
    log = '';
  };
  const channel = new Channel(NONCE, {
    log: (data) => {
      log += data.toString();
    },
    archive: (data) => {
      flush();
      seen.push(`[${data.toString()}]`);
    },
    lockfile: (data) => {
      flush();
      seen.push(`{${data.toString()}}`);
    },
    event: (event) => {
      flush();
      seen.push(`<${event.event} ${'step' in event ? event.step : ''}>`);
    },
    broken: (how) => {
      flush();
      seen.push(`broken: ${how}`);
    },
  });
  const end = () => {
    channel.end();
    flush();
    return seen;
  };
  return { channel, end };
}

describe('the two channels of a container', () => {
  it('come back into one order, though the events arrive first', () => {
    const { channel, end } = listen();
    channel.stderr(Buffer.from(started(1, 'source') + started(2, 'build')));
    channel.stdout(Buffer.from(`${marker(1)}fetching\n${marker(2)}building\n`));
    expect(end()).toEqual(['<step_started source>', 'fetching\n', '<step_started build>', 'building\n']);
  });

  it('end when something else writes into the events: nothing of what follows counts', () => {
    const { channel, end } = listen();
    channel.stderr(Buffer.from(started(1, 'source')));
    channel.stdout(Buffer.from(`${marker(1)}fetching\n`));
    channel.stderr(Buffer.from(`forged\n${started(2, 'build')}`));
    channel.stdout(Buffer.from(`${marker(2)}building\n`));
    expect(end()).toEqual([
      '<step_started source>',
      'fetching\n',
      expect.stringMatching(/^broken: .*"forged"/),
    ]);
  });

  it('hold no log without end for an event that does not come', () => {
    const { channel, end } = listen();
    channel.stdout(Buffer.from(marker(1)));
    for (let at = 0; at < 33; at++) channel.stdout(Buffer.alloc(1024 ** 2));
    expect(end()).toEqual([expect.stringMatching(/^broken: a marker/)]);
  });

  it('come back into one order, though the events arrive last', () => {
    const { channel, end } = listen();
    channel.stdout(Buffer.from(`${marker(1)}fetching\n${marker(2)}building\n`));
    channel.stderr(Buffer.from(started(1, 'source') + started(2, 'build')));
    expect(end()).toEqual(['<step_started source>', 'fetching\n', '<step_started build>', 'building\n']);
  });

  it('may be cut into pieces anywhere', () => {
    const { channel, end } = listen();
    for (const byte of Buffer.from(started(1, 'source'))) channel.stderr(Buffer.from([byte]));
    for (const byte of Buffer.from(`before\n${marker(1)}after\n`)) channel.stdout(Buffer.from([byte]));
    expect(end()).toEqual(['before\n', '<step_started source>', 'after\n']);
  });

  it('ends an unfinished line before an event', () => {
    const { channel, end } = listen();
    channel.stderr(Buffer.from(started(1, 'build')));
    channel.stdout(Buffer.from(`no newline${marker(1)}`));
    expect(end()).toEqual(['no newline\n', '<step_started build>']);
  });

  it('takes a marker with a wrong nonce for output', () => {
    const { channel, end } = listen();
    channel.stderr(Buffer.from(started(1, 'build')));
    const forged = `\x1e${'f'.repeat(32)} 1\n`;
    channel.stdout(Buffer.from(forged));
    expect(end()).toEqual([forged]);
  });

  it('keeps what docker itself says apart from the events', () => {
    const { channel, end } = listen();
    channel.stderr(Buffer.from('docker: Error response from daemon: no.\n'));
    end();
    expect(channel.foreign).toContain('Error response from daemon: no.');
  });
});
