/**
 * Does the same work for each item, a few items ahead of whoever asks for the results, and gives these in order: for work
 * that other threads do, such as compression. What it holds in memory is that many items and one.
 */
export async function* workAhead<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  work: (item: Item) => Promise<Result>,
  count = 2,
): AsyncGenerator<Result> {
  const ahead: Promise<Result>[] = [];
  for await (const item of items) {
    const result = work(item);
    // Whether it failed is asked when its turn comes; until then nobody must call the error unhandled.
    result.catch(() => {});
    ahead.push(result);
    const next = ahead.length > count ? ahead.shift() : undefined;
    if (next) yield await next;
  }
  for (const next of ahead) yield await next;
}
