import type { WireEvent } from "../protocol/event.ts";
import type { IdentityMode } from "./options.ts";
import type { StorageArea } from "./outbox.ts";
import { randomId } from "./random-id.ts";

/** A session ends after this long without an event. */
const SESSION_MS = 1_800_000;

/** How often the session is shared with other tabs, so that storage is not written for each event. */
const SHARE_MS = 5000;

type Ids = Pick<WireEvent, "visitor_id" | "session_id">;

/** Who this is, for one `createTallymark`. */
export interface Identity {
  /**
   * The ids for an event of this moment (ms since 1970; default now): read, or made and kept. Empty where the mode is
   * `none`.
   */
  _ids(now?: number): Ids;
  /** Forgets the ids, and removes whatever the SDK has stored. */
  _wipe(): void;
}

/**
 * Visitor, session and the time of the last event are kept under the key `tallymark_id`, as `[visitor, session, ms]`. There is
 * no cookie. Nothing is read or stored before the first id is asked for. Where storage is full, ids live with the page.
 */
export function createIdentity(mode: IdentityMode, area: StorageArea): Identity {
  let visitor_id: string | undefined;
  let session_id: string | undefined;
  let activeAt = 0;

  return {
    _ids(now = Date.now()) {
      if (mode === "none") return {};
      if (now - activeAt > SHARE_MS) {
        try {
          // Nothing there, or what is not ours, is no list: then the ids of this page stay, or are made.
          [visitor_id, session_id, activeAt] = JSON.parse(area.tallymark_id as string) as [string, string, number];
        } catch {
          // Nor where storage opens, and then cannot be read.
        }
        visitor_id ||= randomId();
        if (!(now - activeAt < SESSION_MS)) session_id = randomId();
        activeAt = now;
        try {
          area.tallymark_id = JSON.stringify([visitor_id, session_id, now]);
        } catch {
          // Full.
        }
      }
      return { visitor_id, session_id } as Ids;
    },

    _wipe() {
      visitor_id = undefined;
      activeAt = 0;
      // The queues of `offlineQueue` too.
      for (const key in area) if (/^tallymark_/.test(key)) delete area[key];
    },
  };
}

/** Web storage as `mode` asks for it; a plain object in its place where the mode or the browser forbids it. */
export function openStorage(mode: IdentityMode): StorageArea {
  try {
    // The getters throw where the visitor blocks storage, and in a sandboxed frame.
    return (mode === "persistent" ? localStorage : mode === "session" ? sessionStorage : {}) as StorageArea;
  } catch {
    return {};
  }
}
