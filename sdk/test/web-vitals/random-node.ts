import type { Random } from "./seeded-random.ts";

/** A DOM node, as far as the library and our `generateTarget` look at it. */
export interface FakeNode {
  /** 1 for an element, 3 for a text. */
  readonly nodeType: 1 | 3;
  readonly name: string;
}

/** None for what is no longer in the document. */
export function randomNode(random: Random): FakeNode | null {
  if (random.chance(0.2)) return null;
  return { nodeType: random.chance(0.8) ? 1 : 3, name: `node ${random.wholeBelow(1000)}` };
}
