/** How often somebody who reads a log is told, in ms. */
const INTERVAL_MS = 10_000;

/** Says on standard error which file is being read: in place on a terminal, every ten seconds elsewhere. */
export function showProgress(stream: NodeJS.WriteStream = process.stderr) {
  let saidAt = performance.now();
  return {
    onFile({ name, index, of }: { readonly name: string; readonly index: number; readonly of: number }) {
      const text = `${index + 1} of ${of}: ${name}`;
      if (stream.isTTY) stream.write(`\r\u001b[2K${text}`);
      else if (performance.now() - saidAt > INTERVAL_MS) {
        saidAt = performance.now();
        stream.write(`${text}\n`);
      }
    },
    /** The line is free again. */
    end() {
      if (stream.isTTY) stream.write("\r\u001b[2K");
    },
  };
}
