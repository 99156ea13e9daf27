/** One item's node, and how to show a newer state of the item in it. */
export interface Row<T> {
  readonly node: HTMLElement;
  update(item: T): void;
}

/**
 * Keeps the children of `parent` in step with a list, one node per key. A node which stays is never rebuilt, and moved only
 * if its rank changed: focus, selection, scroll and opened details survive. Of items with the same key the first is shown.
 */
export function keyedRows<T>(parent: HTMLElement, keyOf: (item: T) => string, createRow: (item: T) => Row<T>) {
  const rows = new Map<string, Row<T>>();

  return function showItems(items: readonly T[]): void {
    const wanted = new Map<string, T>();
    for (const item of items) if (!wanted.has(keyOf(item))) wanted.set(keyOf(item), item);
    for (const [key, { node }] of rows) {
      if (wanted.has(key)) continue;
      node.remove();
      rows.delete(key);
    }
    let next = parent.firstElementChild;
    for (const [key, item] of wanted) {
      const row = rows.get(key) ?? createRow(item);
      rows.set(key, row);
      row.update(item);
      if (row.node === next) next = next.nextElementSibling;
      else parent.insertBefore(row.node, next);
    }
  };
}
