// @ts-check
// A site of plain files: the directory that has its index.html is shipped as it is.
import { posix } from 'node:path';
import { ofHosts, ofWorkflows } from './hosts.mjs';

/** @typedef {import('./project-files.mjs').ProjectFiles} ProjectFiles */
/** @typedef {import('./detection.mjs').Site} Site */

/** Before others, where several have one. */
const USUAL = ['public', 'site', 'www', 'dist', 'html', 'static', 'docs', 'web', 'htdocs', 'src'];
const MADE = ['dist', 'build', '_site', 'out'];
const SKIPPED = /^(\.|node_modules$|tests?$|spec$|examples?$|vendor$|coverage$|templates?$)/;

/** @param {ProjectFiles} files @param {string} directory @returns {Site | undefined} */
export function plainSite(files, directory) {
  const below = files.list(directory).filter((name) => !SKIPPED.test(name));
  const having = ['.', ...below].filter((name) => files.isFile(posix.join(directory, name, 'index.html')));
  // Its pages are a server's.
  if (files.isFile(posix.join(directory, 'index.php'))) return undefined;
  const first = having.includes('.') ? '.' : (USUAL.find((name) => having.includes(name)) ?? having[0]);
  if (first === undefined || (first !== '.' && directory === '.' && publishesOther(files))) return undefined;
  const isPublished = ofHosts(files, directory)?.value === first;
  const made = isPublished ? undefined : scriptNotThere(files, posix.join(directory, first));
  // What is made may be there as well.
  const whole =
    made === undefined
      ? first
      : MADE.find(
          (name) => having.includes(name) && scriptNotThere(files, posix.join(directory, name)) === undefined,
        );
  if (whole === undefined) return notPlain(posix.join(directory, first, 'index.html'), made ?? '');
  const dist = whole;
  const file = posix.join(directory, dist, 'index.html');
  const others = having.filter((name) => name !== dist);
  const notes =
    dist !== '.' && others.length > 0
      ? [`${others.join(', ')} ${others.length > 1 ? 'have' : 'has'} an index.html too`]
      : [];
  return {
    framework: { value: 'Plain HTML', reason: 'an index.html that nothing builds', file },
    build_command: { value: '', reason: 'there is nothing to build', file: null },
    dist_directory: { value: dist, reason: 'it has the index.html', file },
    public_env_prefix: { value: null, reason: 'there is no build', file: null },
    notes,
  };
}

/** Whether the project publishes what is not there: something makes it. @param {ProjectFiles} files */
function publishesOther(files) {
  const { value = null } = ofHosts(files, '.') ?? ofWorkflows(files) ?? {};
  return value !== null && !files.isDirectory(value);
}

/** Of tags; templates have no address yet. Those below /_ and /. come from hosts, and of packages nobody keeps a copy. */
const SCRIPTS = /<script\b[^>]{0,300}?\bsrc\s*=\s*["']?([^\s"'>?#]+)/gi;
const NOT_OURS = /^([a-z][a-z\d+.-]*:|\/\/|\/[_.])|[{}<%$]|node_modules\//i;

/**
 * A script that a page asks for and that is not there, or that no browser runs: something makes it.
 * @param {ProjectFiles} files @param {string} directory of the page
 */
function scriptNotThere(files, directory) {
  const page = withoutComments(files.text(posix.join(directory, 'index.html')) ?? '');
  const ours = [...page.matchAll(SCRIPTS)].flatMap(([, src = '']) => (NOT_OURS.test(src) ? [] : [src]));
  return ours.find(
    (src) => /\.([mc]?tsx?|jsx)$/.test(src) || !files.isFile(posix.join(directory, decoded(src))),
  );
}

/** @param {string} page */
function withoutComments(page) {
  const [first = '', ...others] = page.split('<!--');
  return (
    first + others.map((part) => (part.includes('-->') ? part.slice(part.indexOf('-->') + 3) : '')).join('')
  );
}

/** @param {string} address */
function decoded(address) {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

/** @param {string} file @param {string} script @returns {Site} */
function notPlain(file, script) {
  const reason = `it asks for ${script}, which is not there: something makes it, and nothing that koalaci knows says how`;
  const unknown = { value: null, reason, file };
  return {
    framework: unknown,
    build_command: unknown,
    dist_directory: unknown,
    public_env_prefix: unknown,
    notes: [],
  };
}
