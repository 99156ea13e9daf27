import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { createServer as createVite } from "vite";
import { StartError } from "./start-error.ts";

const CONFIG = fileURLToPath(new URL("../vite.config.ts", import.meta.url));
const FIRST_PORT = 5173;
const LAST_PORT = 5199;

/** The site with all examples. */
export interface RunningSite {
  /** Such as `http://127.0.0.1:5173`. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Serves the examples from their sources on the first free port from 5173 on. In a server of ours: Vite's own one ends
 * the process by itself on SIGTERM, while the collector is still writing.
 * @throws StartError where no port is free
 */
export async function startSite(): Promise<RunningSite> {
  const server = createServer();
  const port = await listen(server);
  const vite = await createVite({
    configFile: CONFIG,
    logLevel: "warn",
    clearScreen: false,
    server: { middlewareMode: true, hmr: { server } },
  });
  server.on("request", vite.middlewares);
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      await vite.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

async function listen(server: Server): Promise<number> {
  for (let port = FIRST_PORT; port <= LAST_PORT; port++) {
    try {
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
      return (server.address() as AddressInfo).port;
    } catch {
      // Taken: the next one.
    }
  }
  throw new StartError(
    `No port from ${FIRST_PORT} to ${LAST_PORT} is free for the demo site: stop one of their servers.`,
  );
}
