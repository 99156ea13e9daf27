const NEWLINE = 0x0a;

/** How many lines there are; a torn last one counts. */
export function countLines(lines: Buffer): number {
  let count = 0;
  for (let at = 0; at < lines.length; count += 1) at = lineEnd(lines, at);
  return count;
}

/** The index behind the newline that ends the line at `start`, or behind the last byte. */
export function lineEnd(lines: Buffer, start: number): number {
  const newline = lines.indexOf(NEWLINE, start);
  return newline === -1 ? lines.length : newline + 1;
}
