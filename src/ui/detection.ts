// Draws what `koalaci detect` and `koalaci init` have found. Pure.
import type { Detection, Finding, Site } from '../detection/detect.js';
import type { DirectoryJob } from '../detection/directory-job.js';
import { drawTableIn } from './table-in-width.js';

const NOTHING = '-';
/** Letters of a commit, as in the line of the step source. */
const SHORT = 10;

/** One line for each finding, with its reason; then the packages that could be built, and what else there is to know. */
export function drawDetection(found: Detection, columns: number): string[] {
  return drawTableIn(columns, rowsOf(found));
}

/** The same of a directory that is to be built, and what names the job. */
export function drawDirectoryJob({ names, found }: DirectoryJob, columns: number): string[] {
  const commit = { ...names.commit, value: names.commit.value?.slice(0, SHORT) ?? null };
  const named = Object.entries({ ...names, commit }).map(([name, finding]) => cells(name, finding));
  return drawTableIn(columns, [...named, ...rowsOf(found)]);
}

function rowsOf(found: Detection): string[][] {
  const { tool_caches: caches, packages, notes } = found;
  return [
    cells('framework', found.framework),
    cells('package manager', found.package_manager),
    cells('node', found.node_version),
    cells('build command', found.build_command),
    cells('dist directory', found.dist_directory),
    ...caches.map((cache) => cells('tool cache', cache)),
    cells('public variables', found.public_env_prefix, '*'),
    ...packages.map(packageCells),
    ...notes.map((note) => ['note', '', note]),
  ];
}

function cells(name: string, { value, reason, file }: Finding, suffix = ''): string[] {
  const shown = value === '' ? '(none)' : value === null ? NOTHING : value + suffix;
  return [name, shown, file === null ? reason : `${reason} (${file})`];
}

function packageCells({ root, framework, build_command, dist_directory }: Site & { root: string }): string[] {
  const how = `${build_command.value || 'no build'} → ${dist_directory.value}`;
  return ['package', root, framework.value === null ? how : `${framework.value}: ${how}`];
}
