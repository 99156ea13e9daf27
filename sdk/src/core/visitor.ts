import { IDENTIFIER } from "../protocol/limits.ts";
import { randomId } from "./random-id.ts";

/** Where the visitor's id is kept in localStorage. There is no cookie. */
const VISITOR_KEY = "tallymark_visitor";

/** One for all clients of the page where storage is blocked: they are one visitor. */
let unstoredId: string | undefined;

/**
 * The anonymous id of this visitor: read from localStorage, or made and kept there. Where storage is blocked or full it
 * lives as long as the page. What somebody else wrote under the key and breaks the protocol is replaced.
 */
export function readVisitorId(): string {
  try {
    // The getter itself throws where the visitor blocks storage, and in a sandboxed frame.
    let id = localStorage.getItem(VISITOR_KEY) ?? "";
    if (!IDENTIFIER.test(id)) {
      id = randomId();
      localStorage.setItem(VISITOR_KEY, id);
    }
    return id;
  } catch {
    unstoredId ??= randomId();
    return unstoredId;
  }
}
