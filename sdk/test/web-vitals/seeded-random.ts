/** Random decisions that are the same each time for the same seed. */
export interface Random {
  /** A number from 0 to below `end`. */
  readonly below: (end: number) => number;
  /** A whole number from 0 to below `end`. */
  readonly wholeBelow: (end: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <T>(choices: readonly T[]) => T;
}

/** Mulberry32: small, and good enough to draw a page from. */
export function seededRandom(seed: number): Random {
  let state = seed;
  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const below = (end: number): number => next() * end;
  const wholeBelow = (end: number): number => Math.floor(below(end));
  return {
    below,
    wholeBelow,
    chance: (probability) => next() < probability,
    pick: <T>(choices: readonly T[]) => choices[wholeBelow(choices.length)] as T,
  };
}
