// Projects of a test file's own: snapshots are the engine's, shared by all who name the same project, and outlive a test.
import { forget } from './snapshots.js';

const RUN = `${process.pid}-${Date.now().toString(36)}`;
const used = new Set<string>();

/** A project id that no other run has. */
export function project(name: string): string {
  const id = `${name}-${RUN}`;
  used.add(id);
  return id;
}

/** Whether a project is this file's: its id came from project(), or has one of those in it. */
export function isOurs(id: string): boolean {
  return id.includes(RUN);
}

/** Removes the snapshots of all projects that were named. */
export async function forgetProjects(): Promise<void> {
  await Promise.all([...used].map(forget));
}
