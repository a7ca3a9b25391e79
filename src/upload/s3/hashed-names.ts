// Tells files that never change under their names from those that do: bundlers put a hash of the content into the name. Pure.

/** Directories in which frameworks keep nothing but such files. */
const HASHED_DIRECTORIES = /(^|\/)(_next\/static|_astro|_app\/immutable|_nuxt)\//;
/** But these, by which open pages learn that there is a newer version. */
const ANNOUNCED_IN_THEM = /(^|\/)_nuxt\/builds\/latest\.json$/;
const PAGE = /\.(html?|xhtml)$/i;
/** A hash in hexadecimal digits. Digits alone may be a date, and letters alone a word. */
const HEX = /^(?=.*\d)(?=.*[a-f])[0-9a-f]{8,64}$/;
/** In eight of 64 letters, as Vite, Rollup, esbuild and Angular write it. */
const SHORT = /^[\w-]{8}$/;
/** A word with a number, or a size: DSC01234, 20240115b, 1024x768. */
const NUMBERED = /^([A-Za-z_-]+\d+|\d+[A-Za-z_-]+|\d+x\d+)$/;
/** As many changes of case have no eight letters that somebody has written, such as iconMenu. */
const UNUSUAL_CASES = 4;

/**
 * Whether the content of a file is the same as long as its path is: browsers may keep it for ever. Where it is not sure, it is
 * not said: a page with an old image costs more than a question whether there is a newer one.
 */
export function isImmutable(path: string): boolean {
  if (isPage(path) || ANNOUNCED_IN_THEM.test(path)) return false;
  return HASHED_DIRECTORIES.test(path) || path.split('/').some(hasHash);
}

/** Whether an open page may still ask for a file once it is gone: wherever there could be a hash, be it a word. */
export function mayBeHashed(path: string): boolean {
  return isImmutable(path) || (!isPage(path) && /[.-][\w-]{8,}(\.\w+)+$/.test(path));
}

/** Whether it is a page, which names other files. */
export function isPage(path: string): boolean {
  return PAGE.test(path);
}

/** Of a file or a directory: `main.8f3a2b1c.js`, `index-BxYz12_a.css`, `static/0123456789abcdef0123456789abcdef/photo.jpg`. */
function hasHash(name: string, index: number, parts: readonly string[]): boolean {
  if (index < parts.length - 1) return name.length >= 16 && isHex(name);
  const [stem = ''] = /^.+?(?=(\.[A-Za-z][A-Za-z0-9]{0,10}){1,2}$)/.exec(name) ?? [];
  return stem.split(/[.~_-]/).some(isHex) || isShortHash(lastOf(name));
}

/** What stands between the last `.` or `-` that begins eight letters, and the extension. */
function lastOf(name: string): string {
  return /[.-]([\w-]{8})(\.[A-Za-z][A-Za-z0-9]{0,10}){1,2}$/.exec(name)?.[1] ?? '';
}

function isHex(word: string): boolean {
  return HEX.test(word) && !NUMBERED.test(word);
}

function isShortHash(word: string): boolean {
  if (!SHORT.test(word) || NUMBERED.test(word)) return false;
  if (/\d/.test(word) && /[A-Za-z]/.test(word) && !word.includes('-')) return true;
  return casesIn(word) >= UNUSUAL_CASES;
}

function casesIn(word: string): number {
  const letters = word.replace(/[^A-Za-z]/g, '');
  return [...letters].filter((letter, at) => at > 0 && isUpper(letter) !== isUpper(letters[at - 1] ?? ''))
    .length;
}

function isUpper(letter: string): boolean {
  return letter === letter.toUpperCase();
}
