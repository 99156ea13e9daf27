import type { Tallymark } from "../core/options.ts";
import { inertClient } from "./inert-client.ts";

/** A client that may be used before the real one exists. */
export interface DeferredClient {
  /** Keeps what it is asked to do until `attach`, and then passes everything on. Outside a browser it does nothing. */
  readonly client: Tallymark;
  /** The real client is there: it gets all that was asked for so far, in order. */
  attach(client: Tallymark): void;
  /** The real client is gone: from now on nothing is done. */
  detach(): void;
}

/** Calls kept while waiting. A mount makes a handful; a loop by mistake must not fill the memory. */
const MAX_WAITING_CALLS = 100;

/** React runs the effects of children before those of their provider, so the first calls come before the client. */
export function createDeferredClient(): DeferredClient {
  const waiting: ((client: Tallymark) => void)[] = [];
  let target = typeof document === "undefined" ? inertClient : undefined;

  function whenAttached(call: (client: Tallymark) => void, max = MAX_WAITING_CALLS): void {
    if (target) call(target);
    else if (waiting.length < max) waiting.push(call);
    else call(inertClient);
  }

  /** For consent: what the visitor has said is never left out. */
  function inAnyCase(call: (client: Tallymark) => void): void {
    whenAttached(call, Number.POSITIVE_INFINITY);
  }

  function switchTo(client: Tallymark): void {
    target = client;
    for (const call of waiting.splice(0)) call(client);
  }

  return {
    client: {
      track: (...event) => whenAttached((client) => client.track(...event)),
      sendEvent: (...event) => new Promise((resolve) => whenAttached((client) => resolve(client.sendEvent(...event)))),
      flush: () => new Promise((resolve) => whenAttached((client) => resolve(client.flush()))),
      getVisitorId: () => target?.getVisitorId() ?? "",
      optIn: () => inAnyCase((client) => client.optIn()),
      optOut: () => inAnyCase((client) => client.optOut()),
      forget: () => new Promise((resolve) => inAnyCase((client) => resolve(client.forget()))),
      stop: () => inAnyCase((client) => client.stop()),
    },
    attach: switchTo,
    detach: () => switchTo(inertClient),
  };
}
