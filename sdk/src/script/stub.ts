import type { Tallymark } from "../core/options.ts";

type Method = "track" | "sendEvent" | "flush";

/** A call that was made before the script had loaded: method, arguments, and where its result goes. */
export type QueuedCall = readonly [method: Method, args: readonly unknown[], done?: (result: unknown) => void];

/**
 * Stands in for the client until the script has loaded. Whoever wants to call before that puts this ahead of the tag;
 * it is the whole of it:
 *
 * ```html
 * <script>
 *   if (!window.tallymark) {
 *     const q = [];
 *     const later = (name) => (...args) => new Promise((done) => q.push([name, args, done]));
 *     window.tallymark = { q, track: later("track"), sendEvent: later("sendEvent"), flush: later("flush") };
 *   }
 * </script>
 * ```
 *
 * The calls are made in their order once the client runs, after the page view; `sendEvent` and `flush` resolve as ever.
 * Time and page of such an event are those of the moment the script has loaded.
 */
export interface TallymarkStub extends Pick<Tallymark, "sendEvent" | "flush"> {
  readonly track: (...args: Parameters<Tallymark["track"]>) => unknown;
  readonly q: QueuedCall[];
}

declare global {
  interface Window {
    /** The client, once the script has loaded; before that its stub, where the page has one. */
    tallymark?: Tallymark | TallymarkStub;
  }
}

/** Whether this is a running client: not a stub, and not an element that happens to have `id="tallymark"`. */
export function isClient(value: Window["tallymark"]): value is Tallymark {
  return typeof (value as Partial<Tallymark> | undefined)?.getVisitorId === "function";
}

/**
 * Makes the calls that were queued. Where the page has kept a reference to the stub, calls on it go straight to the
 * client from then on.
 */
export function replayCalls(q: QueuedCall[] | undefined, client: Tallymark): void {
  if (!Array.isArray(q)) return;
  const replay = (call: QueuedCall): void => {
    try {
      const [method, args, done] = call;
      Promise.resolve((client[method] as (...args: readonly unknown[]) => unknown)(...args)).then(done);
    } catch {
      // Not a call: some other script has put it there.
    }
  };
  q.push = (...calls) => {
    calls.forEach(replay);
    return 0;
  };
  q.splice(0).forEach(replay);
}
