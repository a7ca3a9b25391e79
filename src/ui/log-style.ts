// Formats a part of a log for printing: unchanged, with times, only one step, or as NDJSON. Pure.
import { rfc3339 } from '../job/public-json.js';
import { type LogPart, partBytes } from '../store/log-reader.js';

export interface LogStyle {
  json?: boolean;
  timestamps?: boolean;
  step?: string;
}

/** The bytes to print for a part of a log; empty if it belongs to another step than the chosen one. */
export function styleLog(part: LogPart, style: LogStyle): Buffer {
  if (part.kind === 'cut')
    return style.json ? Buffer.from(`${JSON.stringify({ cut: part.lines })}\n`) : partBytes(part);
  if (style.step && part.step !== style.step) return Buffer.alloc(0);
  if (!style.json && !style.timestamps) return part.data;
  const time = rfc3339(part.time);
  const lines = part.data.toString().replace(/\n$/, '').split('\n');
  const styled = lines.map((text, index) =>
    style.json ? JSON.stringify({ time, step: part.step, line: part.line + index, text }) : `${time} ${text}`,
  );
  return Buffer.from(`${styled.join('\n')}\n`);
}
