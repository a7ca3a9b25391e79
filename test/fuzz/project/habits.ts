// What a build does besides building: all that the next one should not meet. Shell, run in the project's directory after the
// build has looked around.

/** The exit code of a habit that ends the build. */
export const ENDS_BUILD = 9;

/** Not every manager has a node_modules at the project: a habit without anything to do does nothing. */
const FIRST_PACKAGE = 'p=$(ls -d node_modules/[a-z]* 2>/dev/null | head -n 1)';

export const HABITS = {
  'edits a dependency': `${FIRST_PACKAGE}; if [ -n "$p" ]; then for f in "$p"/*.js; do echo "// edited" >>"$f"; done; fi`,
  'patches a dependency': `${FIRST_PACKAGE}; if [ -f "$p/index.js" ]; then sed -i "1i // patched" "$p/index.js"; fi`,
  'adds a file to a dependency': `${FIRST_PACKAGE}; if [ -n "$p" ]; then echo more >"$p/more.js"; fi`,
  'adds a directory to node_modules':
    'mkdir -p node_modules/ghost; echo "module.exports = 666" >node_modules/ghost/index.js',
  'removes a file of a dependency': `${FIRST_PACKAGE}; if [ -n "$p" ]; then rm -f "$p/index.js"; fi`,
  'removes a dependency': `${FIRST_PACKAGE}; if [ -n "$p" ]; then rm -rf "$p"; fi`,
  'removes node_modules': 'rm -rf node_modules',
  'makes a dependency unreadable': `${FIRST_PACKAGE}; if [ -n "$p" ]; then chmod 000 "$p"/*.js; fi`,
  'writes into the home directory':
    'echo "fund = true" >~/.npmrc; mkdir -p ~/.config/tool; echo x >~/.config/tool/x; echo "echo rc" >>~/.bashrc; git config --global core.autocrlf true',
  'leaves files': 'echo left >left.txt; mkdir -p generated src; echo g >generated/g; echo left >src/left.js',
  'leaves a package':
    'mkdir -p packages/ghost/node_modules/x; echo "{}" >packages/ghost/node_modules/x/package.json',
  'leaves a file where a directory was': 'rm -rf docs; echo file >docs',
  'leaves a link': 'ln -sfn /etc left-link; ln -sfn ../src generated-link',
  'changes tracked files': 'for f in input.txt src/*; do [ ! -f "$f" ] || echo changed >>"$f"; done',
  'changes what the install made':
    'for f in made.txt generated/client.txt tool.sh; do [ ! -f "$f" ] || echo changed >>"$f"; done',
  'removes what the install made': 'rm -rf made.txt generated tool.sh node_modules/.made',
  'removes tracked files': 'rm -rf src',
  'changes modes':
    'chmod 600 input.txt 2>/dev/null; chmod 755 package.json 2>/dev/null; chmod 700 src 2>/dev/null; true',
  'locks a directory': 'mkdir -p locked; echo x >locked/x; chmod 500 locked',
  'uses git':
    'git add -A; git config core.fileMode false; mkdir -p .git/hooks; printf "#!/bin/sh\\necho hook\\n" >.git/hooks/post-checkout; chmod +x .git/hooks/post-checkout; echo "* -text" >.git/info/attributes 2>/dev/null; git stash -q 2>/dev/null || true',
  'loses the .git of its submodule': 'rm -rf sub/.git',
  'fills caches of tools':
    'for d in .next/cache .next/cache/fetch-cache .next/other .turbo/cache .turbo .cache .parcel-cache node_modules/.cache node_modules/.vite my-cache ~/.cache/tool; do mkdir -p "$d"; echo entry >>"$d/entries"; done',
  'trips over its own cache': `[ ! -e node_modules/.cache/rot ] || exit ${ENDS_BUILD}; mkdir -p node_modules/.cache; touch node_modules/.cache/rot`,
  // As bundlers that replay a task, blind to its variables. The directory that is shipped has what was seen.
  'keeps what it made with its variables':
    'f=node_modules/.cache/bundle; mkdir -p node_modules/.cache; [ -e "$f" ] || echo "FLAG=$FLAG" >"$f"; for d in dist out .next public .; do [ ! -f "$d/seen.env" ] || { cp "$f" "$d/bundle.txt"; break; }; done',
  'writes a .next':
    'mkdir -p .next/cache .next/static; echo page >.next/static/page; echo entry >>.next/cache/entries',
  'fills public': 'mkdir -p public; echo out >>public/out.txt',
} as const;

export const HABIT_NAMES = Object.keys(HABITS) as (keyof typeof HABITS)[];
