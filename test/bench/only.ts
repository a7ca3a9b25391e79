// What `npm run bench -- --only …` measures: the parts that are named, else all. Pure.

/**
 * The parts that were asked for; a value may be a list by commas, and the flag may be given more than once.
 * @throws RangeError that names what is not known, and what is
 */
export function chosenParts(asked: readonly string[] | undefined, known: readonly string[]): string[] {
  if (!asked) return [...known];
  const names = asked.flatMap((value) => value.split(',')).map((name) => name.trim());
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return names;
  const shown = unknown.map((name) => `"${name}"`).join(', ');
  throw new RangeError(`--only: there is no ${shown} to measure; there is ${known.join(', ')}`);
}
