// Loads the command line from one file, which Node.js 20 need not compile: half the time of a short command is that.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, Script } from 'node:vm';

const file = fileURLToPath(new URL('../dist/quick.cjs', import.meta.url));
const source = readFileSync(file, 'utf8');

/** What V8 made of the file when it was bundled; of no use to another version of Node.js, which compiles it. */
function compiled() {
  try {
    return readFileSync(`${file}.compiled`);
  } catch {
    return undefined;
  }
}

const script = new Script(`(function (module, exports, require, __filename, __dirname) {${source}\n})`, {
  filename: file,
  cachedData: compiled(),
  importModuleDynamically: constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
const own = { exports: {} };
script.runInThisContext()(own, own.exports, createRequire(file), file, dirname(file));
export { script };
