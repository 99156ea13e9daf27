/**
 * Makes one piece of memory of many, for one write. Lines of requests that came one after the other lie one after the other
 * already (`ingest/line-memory.ts`) and stay where they are. Others are copied to where the last ones were copied to.
 * @param maxBytes as many as all of them have, unless there is one piece only
 */
export function createJoinLines(maxBytes: number): (pieces: readonly Buffer[]) => Buffer {
  let memory: Buffer | undefined;

  return function joinLines(pieces) {
    const inPlace = adjoining(pieces);
    if (inPlace) return inPlace;
    memory ??= Buffer.allocUnsafeSlow(maxBytes);
    let length = 0;
    for (const piece of pieces) length += piece.copy(memory, length);
    return memory.subarray(0, length);
  };
}

/** `undefined` where there is a gap, or another memory. */
function adjoining(pieces: readonly Buffer[]): Buffer | undefined {
  const [first] = pieces;
  if (!first) return undefined;
  let end = first.byteOffset;
  for (const { buffer, byteOffset, length } of pieces) {
    if (buffer !== first.buffer || byteOffset !== end) return undefined;
    end += length;
  }
  return Buffer.from(first.buffer, first.byteOffset, end - first.byteOffset);
}
