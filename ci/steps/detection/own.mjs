// @ts-check
// usage: node own.mjs TOP ROOT; prints for project-file.sh what koalaci.json says, five words, all ended by a NUL: its path, why it cannot
// be used, the project's root, the package manager, the version of Node; then the names in it that count for nothing.
import { posix } from 'node:path';
import { ownRoot, projectFile } from './project-file.mjs';
import { ProjectFiles } from './project-files.mjs';

const [top = '.', root = '.'] = process.argv.slice(2);
const files = new ProjectFiles(top);
const asked = posix.normalize(root).replace(/(.)\/$/, '$1');
const directory = asked === '.' ? ownRoot(files) : asked;
const own = projectFile(files, directory);
const [manager = '', node = ''] = ['project_package_manager', 'node_version'].map((name) =>
  own?.fields.get(name),
);
const words = own ? [own.file, own.problem, directory, manager, node, own.others.join(', ')] : [];
process.stdout.write(words.map((word) => `${word.replaceAll(/\p{Cc}/gu, ' ')}\0`).join(''));
