// Does something for each of many, some at once.

/** Does it for `size` of them at once, until all are done. Returns what came of each, in their order. */
export async function inBatches<Item, Result>(
  size: number,
  all: readonly Item[],
  each: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < all.length; at += size)
    results.push(...(await Promise.all(all.slice(at, at + size).map(each))));
  return results;
}
