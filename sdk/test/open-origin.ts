import { vi } from "vitest";
import type { Beacon } from "../src/core/options.ts";
import type { StorageArea } from "../src/core/outbox.ts";
import { transportTo } from "./open-transport.ts";
import { spyClient } from "./spy-client.ts";

type Listener = (event: object) => void;

/** One origin: pages that share a Web storage, and hear what the others change. Collector and clock are the test's. */
export function openOrigin() {
  const stored: StorageArea = {};
  const alive = new Set<(type: string, event: object) => void>();

  /** The storage as one page sees it. */
  const storageOf = (self: (type: string, event: object) => void): StorageArea => {
    const announce = (key: string): void => {
      for (const hear of alive) if (hear !== self) queueMicrotask(() => alive.has(hear) && hear("storage", { key }));
    };
    const setItem = { configurable: true, value: () => {} };
    return new Proxy(Object.defineProperty(stored, "setItem", setItem), {
      set: (target, key, value) => {
        Reflect.set(target, key, value);
        announce(String(key));
        return true;
      },
      deleteProperty: (target, key) => {
        Reflect.deleteProperty(target, key);
        announce(String(key));
        return true;
      },
    });
  };

  return {
    stored,
    queues: () => Object.keys(stored).filter((key) => key.startsWith("tallymark_queue_")),

    /** Opens a page with this plugin, which sends to this address. */
    open(plugin: Beacon, url?: string) {
      const listeners: [type: string, listener: Listener][] = [];
      const hear = (type: string, event: object = {}): void => {
        for (const [heard, listener] of listeners) if (heard === type) listener({ type, ...event });
      };
      const page = transportTo(storageOf(hear), url);
      const spies = [
        vi.spyOn(globalThis, "addEventListener").mockImplementation((...args) => void listeners.push(args as never)),
        vi.spyOn(globalThis, "removeEventListener").mockImplementation(() => {}),
      ];
      const stop = plugin(spyClient(page.transport));
      for (const spy of spies) spy.mockRestore();
      alive.add(hear);
      /** Does and hears nothing from now on, as in the back/forward cache. */
      const freeze = (): void => {
        alive.delete(hear);
        page.deactivate();
      };
      return {
        ...page,
        hear,
        stop: () => {
          alive.delete(hear);
          stop();
        },
        freeze,
        thaw: () => {
          alive.add(hear);
          page.activate();
        },
        die: () => {
          freeze();
          stop();
        },
        /** As the client does it: its own listener comes last. */
        leave: () => {
          hear("pagehide");
          return page.transport._dispatch("pagehide");
        },
      };
    },
  };
}
