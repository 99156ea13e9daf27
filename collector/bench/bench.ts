/** One line of a report. */
export interface Figure {
  readonly what: string;
  /** What the issue asks, such as `0.45×`; `""` where it is information only. */
  readonly limit: string;
  readonly goal: string;
  readonly measured: string;
}

/** A benchmark: `<name>.bench.ts` exports one as `bench`. */
export interface Bench {
  readonly title: string;
  /** One or two sentences for the report: what was done, and against what. */
  readonly method: string;
  /** @param say prints progress */
  run(say: (line: string) => void): Promise<Figure[]>;
}
