import { randomFillSync } from "node:crypto";

/** The ids of events counted lately, in memory of a fixed size. */
export interface SeenIds {
  /** @returns whether it was not known before */
  add(id: string): boolean;
  /** Forgets an id that was added: its event was not stored after all. */
  delete(id: string): void;
  /** Adds an id of an event that was stored before the start. They come newest first, and before any other. */
  recall(id: string): void;
  /** How many of the newest ids are remembered at least. */
  readonly capacity: number;
}

/** Of every four slots three are used at most: so a look reads two or three, and nine in the fullest table. */
const MAX_LOAD = 0.75;

/**
 * Remembers 64-bit hashes of ids in three generations: when the youngest table is full the oldest is forgotten and becomes
 * the youngest. So at least `capacity` and at most 1.5 × `capacity` ids are known. With the default of 262,144 the tables
 * take 4.2 MB, always; an addition takes about 0.1 µs. An id that was never seen is taken for one that was, and its event
 * for a duplicate, with a chance of 1.5 × `capacity` / 2⁶⁴ = 2 × 10⁻¹⁴. Seeds and multipliers are drawn at random, so that
 * nobody outside can aim at the id of another or at one slot.
 */
export function createSeenIds(capacity = 262_144): SeenIds {
  // Whenever the youngest table is empty, the other two must hold the capacity.
  const generationSize = Math.ceil(capacity / 2);
  const slots = Math.ceil(generationSize / MAX_LOAD) + 1;
  const slotsPerHash = slots / 2 ** 32;
  const [seedA = 0, seedB = 0, factorA = 0, factorB = 0] = randomFillSync(new Uint32Array(4));
  const oddA = factorA | 1;
  const oddB = factorB | 1;
  // A slot is two neighbouring words; both 0 is an empty one. Signed, because V8 makes an object of a number above 2³¹.
  let young = new Int32Array(2 * slots);
  let middle = new Int32Array(2 * slots);
  let old = new Int32Array(2 * slots);
  let youngSize = 0;
  let recalled = 0;
  let high = 0;
  let low = 0;

  return {
    capacity,

    add(id) {
      hash(id);
      const at = find(young);
      if (!isFree(young, at) || isIn(middle) || isIn(old)) return false;
      put(young, at);
      youngSize += 1;
      if (youngSize === generationSize) age();
      return true;
    },

    // The newest are to be forgotten last, so they go where the youngest table's would have gone by now.
    recall(id) {
      if (recalled === 2 * generationSize) return;
      hash(id);
      if (isIn(middle) || isIn(old)) return;
      const table = recalled < generationSize ? middle : old;
      put(table, find(table));
      recalled += 1;
    },

    delete(id) {
      hash(id);
      if (isIn(young)) youngSize -= 1;
      for (const table of [young, middle, old]) remove(table, find(table));
    },
  };

  function age(): void {
    [young, middle, old] = [old, young, middle];
    young.fill(0);
    youngSize = 0;
  }

  function put(table: Int32Array, at: number): void {
    table[at] = high;
    table[at + 1] = low;
  }

  function isIn(table: Int32Array): boolean {
    return !isFree(table, find(table));
  }

  function isFree(table: Int32Array, at: number): boolean {
    return table[at] === 0 && table[at + 1] === 0;
  }

  /** Where the hash is, or the empty slot where it belongs. */
  function find(table: Int32Array): number {
    for (let slot = home(low); ; slot = next(slot)) {
      const at = 2 * slot;
      if (isFree(table, at) || (table[at] === high && table[at + 1] === low)) return at;
    }
  }

  /** Closes the gap: what follows it and could stand there moves up, for a look ends at the first free slot. */
  function remove(table: Int32Array, at: number): void {
    if (isFree(table, at)) return;
    let gap = at / 2;
    for (let slot = next(gap); !isFree(table, 2 * slot); slot = next(slot)) {
      if (distance(home(table[2 * slot + 1] ?? 0), slot) < distance(gap, slot)) continue;
      table.copyWithin(2 * gap, 2 * slot, 2 * slot + 2);
      gap = slot;
    }
    table.fill(0, 2 * gap, 2 * gap + 2);
  }

  /** The slot where the look for a hash begins, by its upper bits: https://lemire.me/blog/2016/06/27/ */
  function home(low: number): number {
    return Math.floor((low >>> 0) * slotsPerHash);
  }

  function next(slot: number): number {
    return slot + 1 === slots ? 0 : slot + 1;
  }

  /** How many steps it takes from one slot to another. */
  function distance(from: number, to: number): number {
    return to >= from ? to - from : to - from + slots;
  }

  /** Two keyed multiply-rotate hashes in one pass, each finished as murmur3 does, into `high` and `low`. */
  function hash(id: string): void {
    let a = seedA;
    let b = seedB;
    for (let index = 0; index < id.length; index++) {
      const unit = id.charCodeAt(index);
      a = Math.imul(a ^ unit, oddA);
      a = (a << 13) | (a >>> 19);
      b = Math.imul(b ^ unit, oddB);
      b = (b << 15) | (b >>> 17);
    }
    high = finish(a ^ id.length);
    low = finish(b ^ id.length);
    if (high === 0 && low === 0) low = 1;
  }
}

/** Every bit of the result depends on every bit of the hash: https://github.com/aappleby/smhasher/wiki/MurmurHash3 */
function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
