/** A performance entry of any type, with whatever that type has more. */
export interface FakeEntry {
  readonly entryType: string;
  readonly name: string;
  readonly startTime: number;
  readonly duration: number;
  readonly [detail: string]: unknown;
}

interface ObserveOptions {
  readonly type: string;
  readonly buffered?: boolean;
  readonly durationThreshold?: number;
}

type Callback = (list: { readonly getEntries: () => FakeEntry[] }) => void;

/** What browsers take for `event` where no threshold is asked for, in ms. */
const DEFAULT_THRESHOLD = 104;

/** A browser's performance timeline: a `PerformanceObserver`, and the entries that it is told. */
export function fakeObservers(supportedEntryTypes: readonly string[]) {
  const observers = new Set<FakeObserver>();
  const timeline: FakeEntry[] = [];

  class FakeObserver {
    static readonly supportedEntryTypes = supportedEntryTypes;
    readonly #callback: Callback;
    readonly #thresholds = new Map<string, number>();
    #queue: FakeEntry[] = [];

    constructor(callback: Callback) {
      this.#callback = callback;
      observers.add(this);
    }

    observe({ type, buffered, durationThreshold = DEFAULT_THRESHOLD }: ObserveOptions): void {
      this.#thresholds.set(type, type === "event" ? durationThreshold : 0);
      if (buffered) this.enqueue(timeline.filter(({ entryType }) => entryType === type));
    }

    disconnect(): void {
      observers.delete(this);
    }

    takeRecords(): FakeEntry[] {
      const records = this.#queue;
      this.#queue = [];
      return records;
    }

    /** @returns whether it has asked for any of these */
    enqueue(entries: readonly FakeEntry[]): boolean {
      const wanted = entries.filter((entry) => entry.duration >= (this.#thresholds.get(entry.entryType) ?? Infinity));
      this.#queue.push(...wanted);
      return wanted.length > 0;
    }

    deliver(): void {
      const entries = this.takeRecords().sort((a, b) => a.startTime - b.startTime);
      this.#callback({ getEntries: () => entries });
    }
  }

  return {
    PerformanceObserver: FakeObserver,
    /** @param isLate whether they stay in the observers' queues, to be taken or to come with the next */
    emit(entries: readonly FakeEntry[], isLate = false): void {
      timeline.push(...entries);
      for (const observer of [...observers]) {
        // One that an earlier observer's callback has disconnected is told nothing.
        if (observers.has(observer) && observer.enqueue(entries) && !isLate) observer.deliver();
      }
    },
    entriesOf: (type: string): FakeEntry[] => timeline.filter(({ entryType }) => entryType === type),
  };
}
