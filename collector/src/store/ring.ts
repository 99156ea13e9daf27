/** A fixed number of the newest entries. Adding is O(1); memory never grows past the capacity. */
export interface Ring<Entry> {
  add(entry: Entry): void;
  /** Newest first. */
  newest(limit?: number): Entry[];
  readonly size: number;
  readonly capacity: number;
}

/** @param capacity how many entries are kept, 1 or more */
export function createRing<Entry>(capacity: number): Ring<Entry> {
  const slots: Entry[] = [];
  let next = 0;

  return {
    capacity,
    get size() {
      return slots.length;
    },
    add(entry) {
      slots[next] = entry;
      next = (next + 1) % capacity;
    },
    newest(limit = capacity) {
      const newestToOldest = [...slots.slice(0, next).reverse(), ...slots.slice(next).reverse()];
      return newestToOldest.slice(0, limit);
    },
  };
}
