// Compares versions of programs. Pure.

/** Compares two versions number by number; a suffix such as `+dfsg1` does not count. */
export function isAtLeast(version: string, floor: string): boolean {
  const numbers = (text: string) => (/^[\d.]+/.exec(text)?.[0] ?? '0').split('.').map(Number);
  const [have, want] = [numbers(version), numbers(floor)];
  for (const [index, least] of want.entries()) {
    const part = have[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}
