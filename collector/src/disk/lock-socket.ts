import { once } from "node:events";
import { connect, createServer } from "node:net";
import { basename, dirname, join } from "node:path";
import { codeOf } from "./data-folder-error.ts";
import { disk } from "./disk.ts";

/** sun_path holds 108 bytes on Linux, 104 on macOS, and libuv cuts longer names off without an error (unix(7)). */
const MAX_SOCKET_PATH_BYTES = 100;

/** What a look at a socket tells of the process that made it. */
export type Listener = "alive" | "dead" | "unknown";

/**
 * Listens on a unix socket that says nothing: that somebody listens is the whole message. Keeps no process alive.
 * @returns the stop, which also removes the socket; `undefined` where the file system has no sockets
 */
export async function listenOn(path: string): Promise<(() => Promise<void>) | undefined> {
  const server = createServer((socket) => socket.destroy()).unref();
  try {
    await withShortPath(path, async (short) => {
      const listening = once(server, "listening");
      // Exclusive: a worker of node:cluster would else leave the socket to the primary process.
      server.listen({ path: short, exclusive: true });
      await listening;
    });
    // Under EMFILE it cannot accept; who connects waits in the backlog, and knows what it wanted to know.
    server.on("error", () => {});
  } catch {
    return undefined;
  }
  return async function stopListening() {
    await new Promise((resolve) => server.close(resolve));
    // `close` removes it under the name it was given, which was a short one.
    await disk.unlink(path).catch(() => {});
  };
}

/** Whether somebody listens there: a socket outlives its process as a name, but nobody can connect to it any more. */
export async function whoListens(path: string): Promise<Listener> {
  try {
    await withShortPath(path, async (short) => {
      const socket = connect(short);
      try {
        await once(socket, "connect");
      } finally {
        socket.destroy();
      }
    });
    return "alive";
  } catch (error) {
    const code = codeOf(error);
    if (code === "ECONNREFUSED" || code === "ENOENT") return "dead";
    // A full backlog, unix(7).
    return code === "EAGAIN" ? "alive" : "unknown";
  }
}

/** The same file under a name that a socket may have, however deep its folder lies. */
async function withShortPath(path: string, use: (short: string) => Promise<void>): Promise<void> {
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH_BYTES) return use(path);
  const folder = await disk.open(dirname(path), "r");
  try {
    const short = `/proc/self/fd/${folder.fd}`;
    // Elsewhere than on Linux there is none, which must not look as if nobody listened.
    await disk.stat(short).catch(() => Promise.reject(Object.assign(new Error("too long"), { code: "ENAMETOOLONG" })));
    await use(join(short, basename(path)));
  } finally {
    await folder.close();
  }
}
