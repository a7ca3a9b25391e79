// A build command that shows which build it starts from.

/** Prints the mark that the build before left, and leaves its own (words of a shell in double quotes), where a snapshot keeps it. */
export const MARK = (mark: string) =>
  `cat my-cache/mark 2>/dev/null || true; mkdir -p my-cache && printf %s "${mark}" >my-cache/mark`;

/** The package.json that keeps the mark. */
export const KEEPS_MARK = { 'package.json': '{ "koalaci": { "cache": ["my-cache/"] } }' };
