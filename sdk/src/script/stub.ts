import type { Tallymark } from "../core/options.ts";

type Method = "track" | "sendEvent" | "flush" | "optIn" | "optOut" | "forget";

/** A call that was made before the script had loaded: method, arguments, and where its result goes. */
export type QueuedCall = readonly [method: Method, args: readonly unknown[], done: (result: unknown) => void];

/**
 * Stands in for the client until the script has loaded. Whoever wants to call before that puts this ahead of the tag;
 * it is the whole of it:
 *
 * ```html
 * <script>
 *   if (!window.tallymark) {
 *     const q = [];
 *     const later = (name) => (...args) => new Promise((done) => q.push([name, args, done]));
 *     window.tallymark = { q };
 *     for (const name of ["track", "sendEvent", "flush", "optIn", "optOut", "forget"]) tallymark[name] = later(name);
 *   }
 * </script>
 * ```
 *
 * The calls are made in their order once the client runs, after the page view; what they return resolves as ever. Time and
 * page of such an event are those of the moment the script has loaded. A visitor who has refused before is told to the
 * tag by `data-consent`, not by `optOut` here: in a background tab the page view leaves at once.
 */
export interface TallymarkStub extends Pick<Tallymark, "sendEvent" | "flush" | "forget"> {
  readonly track: (...args: Parameters<Tallymark["track"]>) => unknown;
  readonly optIn: () => unknown;
  readonly optOut: () => unknown;
  readonly q: QueuedCall[];
}

declare global {
  interface Window {
    /** The client, once the script has loaded; before that its stub, where the page has one. */
    tallymark?: Tallymark | TallymarkStub;
  }
}

/**
 * Puts the client on `window.tallymark` and makes the calls that the stub there has queued. Where the page has kept a
 * reference to the stub, calls on it go straight to the client from then on.
 */
export function replaceStub(client: Tallymark): void {
  // It may also be nothing, a client, or an element with `id="tallymark"`.
  const q = (window.tallymark as Partial<TallymarkStub> | undefined)?.q;
  const replay = async (call: QueuedCall): Promise<void> => {
    try {
      const [method, args, done] = call;
      done(await (client[method] as (...args: readonly unknown[]) => unknown)(...args));
    } catch {
      // Not a call: some other script has put it there.
    }
  };
  window.tallymark = client;
  if (q?.map) {
    q.map(replay);
    q.push = replay as never;
  }
}
