/** As far as the web-vitals library reads it. */
export interface FakeEvent {
  readonly type: string;
  readonly timeStamp: number;
  readonly isTrusted: boolean;
  readonly persisted?: boolean;
}

type Listener = (event: FakeEvent) => void;

/** A window's listeners. Not an `EventTarget`: of its events nobody can set `timeStamp` and `isTrusted`. */
export function fakeListeners() {
  const byType = new Map<string, Map<Listener, boolean>>();
  const of = (type: string): Map<Listener, boolean> => {
    const listeners = byType.get(type) ?? new Map<Listener, boolean>();
    byType.set(type, listeners);
    return listeners;
  };
  return {
    addEventListener(type: string, listener: Listener, options: boolean | { readonly once?: boolean } = {}): void {
      // A listener that is there already stays as it is, and where it is.
      if (!of(type).has(listener)) of(type).set(listener, typeof options === "object" && options.once === true);
    },
    removeEventListener(type: string, listener: Listener): void {
      of(type).delete(listener);
    },
    fire(event: FakeEvent): void {
      // A copy: those added by a listener are not called for this event.
      for (const [listener, once] of [...of(event.type)]) {
        if (!of(event.type).has(listener)) continue;
        if (once) of(event.type).delete(listener);
        listener(event);
      }
    },
  };
}
