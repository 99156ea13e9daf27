import type { IncomingMessage } from "node:http";

/**
 * Reads the body of a request of Node's by its events: an async iterator, or a web stream round it, costs as much as all
 * the rest of a request.
 * @returns `undefined` where there are more than `maxBytes`: the rest is left where it is
 * @throws Error where the sender goes away before the end
 */
export function readIncoming(incoming: IncomingMessage, maxBytes: number): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let size = 0;

    function onData(chunk: Buffer): void {
      size += chunk.length;
      if (size <= maxBytes) {
        chunks.push(chunk);
        return;
      }
      chunks = [];
      incoming.off("data", onData);
      incoming.pause();
      resolve(undefined);
    }

    incoming.on("data", onData);
    incoming.on("end", () => {
      resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
      // The request lives on until it is answered, and its listeners with it: the body must not.
      chunks = [];
    });
    // Also where the sender goes away: https://nodejs.org/docs/latest-v20.x/api/http.html#class-httpincomingmessage
    incoming.on("error", reject);
  });
}
