// Progress bars draw one frame over the other, by carriage returns. A log keeps the last one of each line. Pure.

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const ESCAPE = 0x1b;
/** To the first column, as after a carriage return: `ESC [ G`. */
const TO_START = /^\u001b\[[01]?G/;

/** Whether data may have frames at all. */
function hasFrames(data: Buffer): boolean {
  if (data.includes(RETURN)) return true;
  // Bytes are found far sooner than text.
  return data.includes(ESCAPE) && (data.includes('\u001b[1G') || data.includes('\u001b[G'));
}

/** Data of whole lines, and maybe the beginning of one more, in which each line has its last frame only. */
export function lastFrames(data: Buffer): Buffer {
  if (!hasFrames(data)) return data;
  const lines: Buffer[] = [];
  for (let at = 0; at < data.length; ) {
    const end = data.indexOf(NEWLINE, at) + 1 || data.length;
    lines.push(lastFrame(data.subarray(at, end)));
    at = end;
  }
  return Buffer.concat(lines);
}

/** One line, with or without its end. The carriage return before a line end is no frame, and stays. */
function lastFrame(line: Buffer): Buffer {
  let end = line.at(-1) === NEWLINE ? line.length - 1 : line.length;
  while (end > 0 && line[end - 1] === RETURN) end--;
  const body = line.subarray(0, end);
  const start = Math.max(body.lastIndexOf(RETURN) + 1, afterToStart(body));
  return start === 0 ? line : line.subarray(start);
}

/** The place after the last sequence that leads to the first column; 0 if there is none, or nothing follows. */
function afterToStart(body: Buffer): number {
  for (
    let at = body.lastIndexOf('\u001b[');
    at >= 0;
    at = at > 0 ? body.lastIndexOf('\u001b[', at - 1) : -1
  ) {
    const [sequence] = TO_START.exec(body.subarray(at, at + 4).toString('latin1')) ?? [];
    if (sequence && at + sequence.length < body.length) return at + sequence.length;
  }
  return 0;
}

/** Whether the unfinished line of data is drawn over: then it is not what will stand there. */
export function isDrawnOver(rest: Buffer): boolean {
  return hasFrames(rest);
}
