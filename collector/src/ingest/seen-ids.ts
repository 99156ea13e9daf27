/** The ids of events counted lately, in bounded memory. */
export interface SeenIds {
  add(id: string): void;
  has(id: string): boolean;
}

/**
 * Two generations: when the young one is full it becomes the old one, and the old one is forgotten. So at least
 * `capacity` and at most 2 × `capacity` ids are remembered, at about 100 bytes each.
 */
export function createSeenIds(capacity: number): SeenIds {
  let young = new Set<string>();
  let old = new Set<string>();

  return {
    add(id) {
      young.add(id);
      if (young.size < capacity) return;
      old = young;
      young = new Set();
    },
    has(id) {
      return young.has(id) || old.has(id);
    },
  };
}
