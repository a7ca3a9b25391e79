'use strict';
// Runs the command line from one file, which need not be compiled: half the time of a short command is that.
const { readFileSync } = require('node:fs');
const { createRequire, enableCompileCache } = require('node:module');
const { dirname, join } = require('node:path');
const { constants, Script } = require('node:vm');

const file = join(__dirname, '../dist/quick.cjs');

/** Runs it. Node.js has a cache of its own from 22.1 on; before that, V8 is given what it has made of the file beforehand. */
exports.run = () => {
  if (enableCompileCache) require(file);
  else runCompiled();
};

/** Returns the script, of which compile-quick.js keeps what V8 makes. */
function runCompiled() {
  const source = readFileSync(file, 'latin1');
  const script = new Script(`(function (exports, require, __filename, __dirname) {${source}\n})`, {
    filename: file,
    cachedData: compiled(),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  script.runInThisContext()({}, createRequire(file), file, dirname(file));
  return script;
}
exports.runCompiled = runCompiled;

/** Of no use to another version of Node.js, which compiles the file itself. */
function compiled() {
  try {
    return readFileSync(`${file}.compiled`);
  } catch {
    return undefined;
  }
}
