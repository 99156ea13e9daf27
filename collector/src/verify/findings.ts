/** Something that is not as it should be. */
export interface Finding {
  /** `problem`: data is damaged, missing or doubled. `warning`: explained by a crash or a clock, or settled by itself. */
  readonly severity: "problem" | "warning";
  /** Bare name of the file, `""` for the folder. */
  readonly file: string;
  /** What is wrong; never a part of what a visitor sent. */
  readonly message: string;
  /** Where it was found first, such as `line 12` or `byte 4711`; `""` where that says nothing. */
  readonly at: string;
  /** How often it was found. */
  readonly count: number;
}

export interface Findings {
  add(finding: Omit<Finding, "count" | "at"> & { readonly at?: string }): void;
  readonly all: readonly Finding[];
}

/** Collects findings; the same one of the same file is counted, so that a million broken lines are one line of report. */
export function createFindings(): Findings {
  const found = new Map<string, Finding>();
  return {
    add({ severity, file, message, at = "" }) {
      const key = `${file}\n${message}`;
      const first = found.get(key);
      found.set(key, { severity, file, message, at: first?.at ?? at, count: (first?.count ?? 0) + 1 });
    },
    get all() {
      return [...found.values()];
    },
  };
}
