import { attemptAll, isBrowser } from "../../core/lifecycle.ts";

/** One number of the web-vitals library, as far as it is told. */
export interface Vital {
  readonly name: string;
  readonly value: number;
  /** What is new in the value since the last report of the same `id`. */
  readonly delta: number;
  readonly rating: string;
  readonly id: string;
  readonly navigationType: string;
  /** When its navigation began, in ms since the page did; 0 for the load. */
  readonly navigationStartTime?: number;
  readonly navigationURL?: string;
  readonly attribution?: object;
}

/** Names an element in a few words; `undefined` or `""` where it is not to be named. */
export type DescribeTarget = (element: Element) => string | undefined;

/** Calls back with each number, until the undo is called. */
export type VitalsSource = (report: (vital: Vital) => void, target?: DescribeTarget) => () => void;

/** As the library calls for the name of an element. */
export type GenerateTarget = (node: Node | null) => string;

/** One of the library's functions, such as `onLCP`. */
type OnVital = (report: (vital: Vital) => void, options: never) => void;

/**
 * The numbers that these functions of the library report. They are called once for a page, whoever starts and stops: the
 * library has no way to stop, so its listeners and observers stay, and report to nobody.
 * @returns a function that takes a callback, and how elements are named if it is the first, and returns the undo
 */
export function vitalsSource(functions: OnVital[]) {
  const reports = new Set<(vital: Vital) => void>();
  return (report: (vital: Vital) => void, generateTarget?: GenerateTarget | DescribeTarget): (() => void) => {
    reports.add(report);
    // Taken out, so that each is called once.
    if (isBrowser())
      attemptAll(
        functions
          .splice(0)
          .map(
            (on) => () =>
              on((vital) => attemptAll([...reports], vital), { reportSoftNavs: true, generateTarget } as never),
          ),
      );
    return () => {
      reports.delete(report);
    };
  };
}

/** To 4 decimals: those of layout shifts, and without the noise of a sum. */
export const roundVital = (value: number): number => +value.toFixed(4);

/** A term of the library as one of ours, such as `back_forward_cache`. */
export const vitalTerm = (term: string): string => term.replace(/-/g, "_");
