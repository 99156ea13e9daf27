/**
 * For `pageViews({ path: queryPath("tab") })`, where pages differ in their query: where one of these keys changes there is
 * another view; of all keys where none is named. What is sent stays the path, with `utm_*` of the query and nothing else.
 */
export function queryPath(...keys: readonly string[]): () => string {
  return function toAddress() {
    const query = new URLSearchParams(location.search);
    for (const key of [...query.keys()]) {
      if (keys[0] && !keys.includes(key) && !key.startsWith("utm_")) query.delete(key);
    }
    // Not from the origin: a `file:` address, of which nothing may be sent, is to stay one.
    return `${location.href.replace(/[?#].*/s, "")}?${query}`;
  };
}
