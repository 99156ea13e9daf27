import { once } from "node:events";
import { connect } from "node:net";

export interface MarionetteConnection {
  /**
   * Sends a command of WebDriver, or one of Firefox's own.
   * @throws Error with the browser's words where it refuses, or ends first
   */
  send<Result>(command: string, parameters?: object): Promise<Result>;
  close(): void;
}

interface Pending {
  readonly command: string;
  readonly resolve: (result: never) => void;
  readonly reject: (reason: Error) => void;
}

type Answer = readonly [type: 1, id: number, error: { error: string; message: string } | null, result: never];

/**
 * Speaks Firefox's Marionette protocol, which every stock Firefox has: JSON over TCP, with its length before it. Beside
 * WebDriver it reaches the browser's own code, which alone can go offline or discard a tab.
 * https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html
 */
export async function connectMarionette(port: number): Promise<MarionetteConnection> {
  const pending = new Map<number, Pending>();
  const socket = connect(port, "127.0.0.1");
  let id = 0;
  let rest = Buffer.alloc(0);

  socket.on("data", (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    for (let message = takeMessage(); message; message = takeMessage()) receive(JSON.parse(message));
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    for (const { command, reject } of pending.values()) reject(new Error(`${command}: the browser has ended`));
    pending.clear();
  });

  /** The next whole message, which is taken out of `rest`. */
  function takeMessage(): string | undefined {
    const start = rest.indexOf(":") + 1;
    const end = start + Number(rest.toString("latin1", 0, start - 1));
    if (!start || rest.length < end) return undefined;
    const message = rest.toString("utf8", start, end);
    rest = rest.subarray(end);
    return message;
  }

  /** The first message is a greeting, and no array. */
  function receive(message: Answer | object): void {
    if (!Array.isArray(message)) return;
    const [, answered, error, result] = message as unknown as Answer;
    const call = pending.get(answered);
    pending.delete(answered);
    if (error) call?.reject(new Error(`${call.command}: ${error.error}: ${error.message}`));
    else call?.resolve(result);
  }

  await once(socket, "connect");
  return {
    send(command, parameters = {}) {
      return new Promise((resolve, reject) => {
        pending.set(++id, { command, resolve, reject });
        const message = JSON.stringify([0, id, command, parameters]);
        socket.write(`${Buffer.byteLength(message)}:${message}`);
      });
    },
    close: () => socket.destroy(),
  };
}
