// The rules by which archives go, from the settings, and how each is told.
import { statfs } from 'node:fs/promises';
import { showBytes, showDuration } from '../job/quantity.js';
import { reservedOf } from '../settings/free-space.js';
import type { Settings } from '../settings/settings.js';

/** Without a limit, a figure is infinite. */
export interface Rules {
  /** Milliseconds. */
  age: number;
  projectCount: number;
  projectBytes: number;
  count: number;
  bytes: number;
}

/** Which rule an archive goes by; `garbage` is for what a removal has left. */
export type Rule = keyof Rules | 'garbage';

export type RetentionSettings = Pick<
  Settings,
  'artifactsAge' | 'artifactsProjectCount' | 'artifactsProjectBytes' | 'artifactsCount' | 'artifactsBytes'
>;

const DAY_MS = 86_400_000;

/** The rules for a directory: one of the figures may be a part of its disk. */
export async function rulesAt(directory: string, settings: RetentionSettings): Promise<Rules> {
  const disk = await statfs(directory).catch(() => undefined);
  const total = disk ? disk.blocks * disk.bsize : Number.POSITIVE_INFINITY;
  return {
    age: settings.artifactsAge,
    projectCount: settings.artifactsProjectCount,
    projectBytes: settings.artifactsProjectBytes,
    count: settings.artifactsCount,
    bytes: reservedOf(settings.artifactsBytes, total),
  };
}

/** Why an archive goes, in words for its user. Pure. */
export function whyOf(rule: Rule, rules: Rules): string {
  const words: Record<Rule, () => string> = {
    garbage: () => 'left of a removal',
    age: () => `older than ${showAge(rules.age)}`,
    projectCount: () => `its project has more than ${showCount(rules.projectCount)}`,
    projectBytes: () => `its project has more than ${showBytes(rules.projectBytes)} of artifacts`,
    count: () => `all projects together have more than ${showCount(rules.count)}`,
    bytes: () => `all projects together have more than ${showBytes(rules.bytes)} of artifacts`,
  };
  return words[rule]();
}

function showCount(count: number): string {
  return `${count} ${count === 1 ? 'artifact' : 'artifacts'}`;
}

function showAge(ms: number): string {
  return ms % DAY_MS === 0 ? `${ms / DAY_MS} days` : showDuration(ms);
}
