// The space that builds leave free on a disk, and other parts of one.
import { statfs } from 'node:fs/promises';
import { KoalaError } from '../job/errors.js';
import { parseBytes, showBytes } from '../job/quantity.js';
import type { Parse } from './parsers.js';

/** Bytes, and a part of the disk in percent: the smaller one counts. */
export interface Reserve {
  bytes: number;
  percent: number;
}

/** `5g`, `10%`, or both with a comma. */
export const parseReserve: Parse<Reserve> = (name, text) => {
  const reserve = { bytes: Number.POSITIVE_INFINITY, percent: 100 };
  for (const part of text.split(',').map((one) => one.trim())) {
    if (part.endsWith('%')) reserve.percent = parsePercent(name, part);
    else reserve.bytes = parseBytes(name, part);
  }
  return reserve;
};

/** That part of a disk of `total` bytes, in bytes. Pure. */
export function reservedOf({ bytes, percent }: Reserve, total: number): number {
  return Math.min(bytes, (total * percent) / 100);
}

/** What is free on a disk, and what is to stay free. */
export interface Space {
  free: number;
  reserved: number;
}

/** The space on a directory's disk; undefined if the directory is not on this machine. */
export async function spaceAt(directory: string, reserve: Reserve): Promise<Space | undefined> {
  const disk = await statfs(directory).catch(() => undefined);
  if (!disk) return undefined;
  return { free: disk.bavail * disk.bsize, reserved: reservedOf(reserve, disk.blocks * disk.bsize) };
}

/** `3 GiB free, of 5 GiB that builds leave free`. Pure. */
export function showSpace({ free, reserved }: Space): string {
  return `${showBytes(free)} free, of ${showBytes(reserved)} that builds leave free`;
}

function parsePercent(name: string, text: string): number {
  const percent = /^\d{1,3}(\.\d+)?%$/.test(text) ? Number(text.slice(0, -1)) : Number.NaN;
  if (percent <= 100) return percent;
  throw new KoalaError('bad_input', `${name}: must be at most 100%, not "${text}"`);
}
