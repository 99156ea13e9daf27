import type { Readable, Writable } from "node:stream";

/** Fields of commands and events, which differ from one to the other. */
export type CdpFields = { readonly [name: string]: unknown };

export interface CdpEvent {
  readonly method: string;
  readonly params: CdpFields;
  /** Absent where the browser itself reports. */
  readonly sessionId?: string;
}

export interface CdpConnection {
  /**
   * Sends a command to a session, or to the browser itself.
   * @throws Error with the browser's words where it refuses, or ends first
   */
  send<Result = CdpFields>(method: string, params?: CdpFields, sessionId?: string): Promise<Result>;
  /** Called with each event of every session from now on. */
  onEvent(listener: (event: CdpEvent) => void): void;
}

interface Pending {
  readonly method: string;
  readonly resolve: (result: never) => void;
  readonly reject: (reason: Error) => void;
}

/**
 * Speaks the Chrome DevTools Protocol through the two pipes that `--remote-debugging-pipe` opens: JSON, ended by a zero
 * byte. Not through playwright, because its sessions forbid prerendering:
 * https://source.chromium.org/chromium/chromium/src/+/main:docs/devtools_protocol (tab targets)
 */
export function connectCdp(input: Writable, output: Readable): CdpConnection {
  const listeners: ((event: CdpEvent) => void)[] = [];
  const pending = new Map<number, Pending>();
  let id = 0;
  let rest = "";

  output.setEncoding("utf8");
  output.on("data", (text: string) => {
    const messages = (rest + text).split("\0");
    rest = messages.pop() ?? "";
    for (const message of messages) receive(JSON.parse(message));
  });
  output.on("close", () => {
    for (const { method, reject } of pending.values()) reject(new Error(`${method}: the browser has ended`));
    pending.clear();
  });
  input.on("error", () => {});

  function receive(message: CdpEvent & { id?: number; result: never; error?: { message: string } }): void {
    const call = pending.get(message.id ?? -1);
    if (!call) {
      for (const listener of message.method ? listeners : []) listener(message);
      return;
    }
    pending.delete(message.id ?? -1);
    if (message.error) call.reject(new Error(`${call.method}: ${message.error.message}`));
    else call.resolve(message.result);
  }

  return {
    send(method, params = {}, sessionId) {
      return new Promise((resolve, reject) => {
        pending.set(++id, { method, resolve, reject });
        input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
      });
    },
    onEvent: (listener) => void listeners.push(listener),
  };
}
