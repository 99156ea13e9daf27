import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { StartError } from "./start-error.ts";

/**
 * The port the collector will listen on; for `"0"` any that is free.
 * @throws StartError where it is taken, may not be used, or is no port
 */
export async function choosePort(wanted: string): Promise<number> {
  const port = Number(wanted);
  if (!/^\d+$/.test(wanted) || port > 65_535) {
    throw new StartError("PORT must be a whole number from 0 to 65535: try PORT=9000 npx pnpm start.");
  }
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  } catch (error) {
    throw new StartError(faultOf(port, error));
  } finally {
    server.close();
  }
}

function faultOf(port: number, error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") {
    return `Port ${port} is taken, perhaps by another collector: stop that one, or use PORT=${port + 1} npx pnpm start.`;
  }
  if (code === "EACCES") return `Port ${port} needs more rights than you have: use PORT=9000 npx pnpm start.`;
  return `Port ${port} cannot be used (${code ?? "unknown reason"}): use PORT=9000 npx pnpm start.`;
}
