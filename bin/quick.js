'use strict';
// Runs the command line from one file, which Node.js 20 need not compile: half the time of a short command is that.
const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname, join } = require('node:path');
const { constants, Script } = require('node:vm');

const file = join(__dirname, '../dist/quick.cjs');

/** Runs it. Returns the script. */
exports.run = () => {
  const script = new Script(`(function (exports, require, __filename, __dirname) {${readFileSync(file, 'latin1')}\n})`, {
    filename: file,
    cachedData: compiled(),
    importModuleDynamically: constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  script.runInThisContext()({}, createRequire(file), file, dirname(file));
  return script;
};

/** What V8 made of the file when it was bundled; of no use to another version of Node.js, which compiles it. */
function compiled() {
  try {
    return readFileSync(`${file}.compiled`);
  } catch {
    return undefined;
  }
}
