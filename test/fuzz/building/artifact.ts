// What a build ended with, in a form in which two of them can be compared.
import { list, type ReadEntry } from 'tar';

/** Path → kind, mode and content of each entry, and `ending` for how the build ended. */
export type Result = Record<string, string>;

/** Package managers write times into these; an artifact of the whole project has them. */
const TIMES =
  /(^|\/)(node_modules\/(\.modules\.yaml|\.pnpm-workspace-state-v1\.json|\.yarn-state\.yml)|\.yarn\/install-state\.gz)$/;

/** A cache that the project names itself is shipped if it is in the dist directory, as it has become. */
const OWN_CACHE = /(^|\/)my-cache\//;

export async function entriesOf(archive: string): Promise<Result> {
  const entries: Result = {};
  const pending: Promise<void>[] = [];
  const keep = async (entry: ReadEntry) => {
    const content = (await entry.concat()).toString('utf8');
    const mode = (entry.mode ?? 0).toString(8);
    if (!TIMES.test(entry.path) && !OWN_CACHE.test(entry.path))
      entries[entry.path] = `${entry.type} ${mode} ${entry.linkpath ?? ''}\n${content}`;
  };
  await list({ file: archive, onReadEntry: (entry: ReadEntry) => void pending.push(keep(entry)) });
  await Promise.all(pending);
  return entries;
}
