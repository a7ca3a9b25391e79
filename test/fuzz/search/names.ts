// What can be left out of a search by name: kinds of changes, scripts, habits.
import type { Project } from '../project/model.js';

/** The names of the scripts and habits in a project. */
export function namesOf({ script, habits, dependencies, workspaces }: Project): string[] {
  const scripts = [
    script,
    ...[...Object.values(dependencies), ...Object.values(workspaces)].map((one) => one.script),
  ];
  return [...habits, ...scripts.filter((name) => name !== undefined)];
}

/** A project without what is muted. */
export function quietened(project: Project, muted: ReadonlySet<string>): Project {
  if (muted.size === 0) return project;
  const strip = <T extends { script?: string | undefined }>(one: T): T => {
    const { script, ...rest } = one;
    return script && muted.has(script) ? (rest as T) : one;
  };
  const all = <T extends { script?: string | undefined }>(record: Record<string, T>) =>
    Object.fromEntries(Object.entries(record).map(([name, one]) => [name, strip(one)]));
  return {
    ...strip(project),
    habits: project.habits.filter((habit) => !muted.has(habit)),
    dependencies: all(project.dependencies),
    workspaces: all(project.workspaces),
  };
}
