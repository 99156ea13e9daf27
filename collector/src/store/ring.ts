/** A fixed number of the newest entries. Adding is O(1); memory never grows past the capacity. */
export interface Ring<Entry> {
  add(entry: Entry): void;
  /** Removes all that match; returns how many. */
  remove(matches: (entry: Entry) => boolean): number;
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
    remove(matches) {
      const all = oldestFirst();
      const kept = all.filter((entry) => !matches(entry));
      slots.splice(0, slots.length, ...kept);
      next = kept.length % capacity;
      return all.length - kept.length;
    },
    newest(limit = capacity) {
      return oldestFirst().reverse().slice(0, limit);
    },
  };

  function oldestFirst(): Entry[] {
    return [...slots.slice(next), ...slots.slice(0, next)];
  }
}
