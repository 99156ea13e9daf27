/** Memory for lines on their way to the disk. */
export interface LineMemory {
  /** The text as UTF-8. The bytes are the caller's until `release`. */
  write(text: string): Buffer;
  /** Takes back what `write` returned, once: it may be written over at once. */
  release(lines: Buffer): void;
}

interface Slab {
  readonly bytes: Buffer;
  used: number;
  /** Lines that were not released yet. */
  holders: number;
}

const SLAB_BYTES = 1_048_576;

/** Kept for the next rush; more are left to the garbage collector. */
const MAX_FREE_SLABS = 4;

/** Of a UTF-16 unit in UTF-8: https://www.rfc-editor.org/rfc/rfc3629#section-3 */
const MAX_BYTES_PER_UNIT = 3;

/**
 * Lends slabs of 1 MiB that are used again as soon as all that lies in one was released. As objects of the heap, lines
 * would wait for the garbage collector long after the disk had them: at full load that was 40 MB.
 */
export function createLineMemory(): LineMemory {
  const slabs = new Map<ArrayBufferLike, Slab>();
  const free: Slab[] = [];
  let current: Slab | undefined;

  return {
    write(text) {
      if (!fits(text, SLAB_BYTES)) return Buffer.from(text);
      if (!current || !fits(text, SLAB_BYTES - current.used)) current = free.pop() ?? makeSlab();
      const start = current.used;
      current.used += current.bytes.write(text, start);
      current.holders += 1;
      return current.bytes.subarray(start, current.used);
    },

    release(lines) {
      const slab = slabs.get(lines.buffer);
      if (!slab) return;
      slab.holders -= 1;
      if (slab.holders > 0) return;
      slab.used = 0;
      if (slab === current) return;
      if (free.length < MAX_FREE_SLABS) free.push(slab);
      else slabs.delete(slab.bytes.buffer);
    },
  };

  function makeSlab(): Slab {
    const slab = { bytes: Buffer.allocUnsafeSlow(SLAB_BYTES), used: 0, holders: 0 };
    slabs.set(slab.bytes.buffer, slab);
    return slab;
  }
}

/** Counts the bytes only where they might be too many. */
function fits(text: string, bytes: number): boolean {
  return text.length * MAX_BYTES_PER_UNIT <= bytes || Buffer.byteLength(text) <= bytes;
}
