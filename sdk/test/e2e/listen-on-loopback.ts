import { once } from "node:events";
import type { Server } from "node:http";

export interface Listening {
  /** Such as `http://127.0.0.1:40123`. */
  readonly url: string;
  /** Breaks off what is under way. */
  close(): Promise<void>;
}

/** Opens a server on a free port that nobody but this machine can reach. */
export async function listenOnLoopback(server: Server): Promise<Listening> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("no address");
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
