// Changes of what git tracks: files, modes, links, attributes, submodules.
import fc from 'fast-check';
import { textOf } from '../project/initial.js';
import { VERSIONS } from '../project/lfs.js';
import type { Entry, Project } from '../project/model.js';
import { type Change, change, without } from './change.js';

/** What scripts read, often; what builds and installs leave, and what is a directory for others. */
const anyPath = fc.constantFrom(
  ...['input.txt', 'input.txt', 'input.txt', 'src/c.js', 'src/c.js', 'optional.txt', 'optional.txt'],
  ...['src/a.js', 'src/b.js', 'left.txt', 'generated/g', 'generated', 'made.txt'],
  ...[
    'docs/\u00fc \u00f6.txt',
    'docs',
    'public/out.txt',
    'packages/ghost/file',
    'tool.sh',
    '-dash',
    'dist/old.txt',
    'patches/alpha.patch',
  ],
);
const anyText = fc.constantFrom('two', 'three', 'four').map(textOf);

const ATTRIBUTES = [
  ...[
    '*.txt text eol=crlf',
    '*.txt ident',
    '*.txt text working-tree-encoding=ISO-8859-1',
    '*.js text eol=crlf',
  ],
  ...['* -text', '*.txt export-ignore', '*.txt filter=none'],
];

const writes = change(fc.tuple(anyPath, anyText), {
  kind: 'writes a file',
  say: ([path, text]) => `writes ${path}: ${JSON.stringify(text.split('\n')[0])}`,
  edit: (project, [path, text]) => ({ files: withEntry(project, path, { text }) }),
});

export const fileChanges: fc.Arbitrary<Change>[] = [
  // The usual one.
  ...[writes, writes, writes],
  change(fc.tuple(anyPath, fc.constantFrom('src/a.js', 'input.txt', 'src', '../nowhere')), {
    kind: 'makes a link',
    say: ([path, link]) => `makes ${path} a link to ${link}`,
    edit: (project, [path, link]) => ({ files: withEntry(project, path, { link }) }),
  }),
  change(anyPath, {
    kind: 'removes a file',
    say: (path) => `removes ${path}`,
    edit: (project, path) => ({ files: without(project.files, path) }),
  }),
  change(fc.tuple(anyPath, anyPath), {
    kind: 'renames a file',
    say: ([from, to]) => `renames ${from} to ${to}`,
    applies: (project, [from]) => from in project.files,
    edit: (project, [from, to]) => {
      const moved = project.files[from];
      return moved
        ? { files: withEntry({ ...project, files: without(project.files, from) }, to, moved) }
        : {};
    },
  }),
  change(anyPath, {
    kind: 'changes a mode',
    say: (path) => `turns the executable bit of ${path}`,
    edit: (project, path) => {
      const entry = project.files[path];
      if (!entry || !('text' in entry)) return {};
      const turned: Entry = entry.executable ? { text: entry.text } : { ...entry, executable: true };
      return { files: { ...project.files, [path]: turned } };
    },
  }),
  change(fc.uniqueArray(fc.constantFrom(...ATTRIBUTES), { maxLength: 2 }), {
    kind: 'changes attributes',
    say: (attributes) => `has .gitattributes say: ${attributes.join(', ') || 'nothing'}`,
    edit: (_, attributes) => ({ attributes }),
  }),
  change(
    fc.uniqueArray(fc.constantFrom('node_modules', 'dist', 'generated', '*.txt', 'src', 'packages'), {
      maxLength: 3,
    }),
    {
      kind: 'changes what is ignored',
      say: (ignored) => `has .gitignore say: ${ignored.join(', ') || 'nothing'}`,
      edit: (_, ignored) => ({ ignored }),
    },
  ),
  change(fc.option(fc.constantFrom(1, 2, 3), { nil: undefined }), {
    kind: 'changes the submodule',
    say: (version) => (version ? `has submodule sub at its version ${version}` : 'removes the submodule'),
    edit: (_, submodule) => ({ submodule }),
  }),
  change(
    fc.option(
      fc.record({
        version: fc.constantFrom(...VERSIONS),
        isTracked: fc.constantFrom(true, true, false),
        isExcluded: fc.constantFrom(false, false, true),
      }),
      { nil: undefined },
    ),
    {
      kind: 'changes the file in LFS',
      say: (lfs) =>
        lfs
          ? `has version ${lfs.version} of a file in LFS${lfs.isTracked ? '' : ', without an attribute'}${lfs.isExcluded ? ', not wanted' : ''}`
          : 'has no file in LFS',
      edit: (_, lfs) => ({ lfs }),
    },
  ),
];

/** Puts an entry into its place: what was a directory there, or a file above it, goes. */
function withEntry(project: Project, path: string, entry: Entry): Record<string, Entry> {
  const others = Object.entries(project.files).filter(
    ([other]) => !other.startsWith(`${path}/`) && !path.startsWith(`${other}/`),
  );
  return { ...Object.fromEntries(others), [path]: entry };
}
