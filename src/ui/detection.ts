// Draws what `koalaci detect` and `koalaci init` have found. Pure.
import type { Detection, Finding, Site } from '../detection/detect.js';
import { drawTable } from './table.js';

const NOTHING = '-';

/** One line for each finding, with its reason; then the packages that could be built, and what else there is to know. */
export function drawDetection(found: Detection): string[] {
  const { tool_caches: caches, packages, notes } = found;
  const rows = [
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
  return drawTable(rows);
}

function cells(name: string, { value, reason, file }: Finding, suffix = ''): string[] {
  const shown = value === '' ? '(none)' : value === null ? NOTHING : value + suffix;
  return [name, shown, file === null ? reason : `${reason} (${file})`];
}

function packageCells({ root, framework, build_command, dist_directory }: Site & { root: string }): string[] {
  const how = `${build_command.value || 'no build'} → ${dist_directory.value}`;
  return ['package', root, framework.value === null ? how : `${framework.value}: ${how}`];
}
