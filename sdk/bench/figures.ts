import { type Contender, type PerContender, perContender } from "./contenders.ts";
import type { Tracking } from "./measure-tracking.ts";
import { median, quantile } from "./statistics.ts";

/** One row of the result. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  /** Medians over the rounds. Times are this machine's: compare them with each other only. */
  readonly medians: PerContender<number>;
  /** What Tallymark is held against: its own value, or its share of a peer's. */
  readonly measured: number;
  /** Of a ratio the middle half of the rounds, of a count the least and the most. */
  readonly spread: readonly [low: number, high: number];
  /** The peer that `measured` is a share of; `undefined`: of none, it is a value. */
  readonly peer: Contender | undefined;
  /** The most that `measured` may be; `undefined`: told for information. */
  readonly limit: number | undefined;
}

/** The figures that the SDK is to reach, from what was measured round by round. */
export function toFigures(initMs: PerContender<number[]>, tracking: PerContender<Tracking[]>): Figure[] {
  const column = (key: keyof Tracking) => perContender((name) => tracking[name].map((round) => round[key]));
  const requests = column("requests");
  return [
    ratio("evaluation + init + first page view", "ms", initMs, "plausible", 1),
    ratio("track() until it returns", "µs", column("callUs"), "openpanel", 1),
    ratio("track() with its promise callbacks", "µs", column("wholeUs"), "openpanel", undefined),
    {
      name: "requests for 71 events and a page view",
      unit: "",
      medians: perContender((name) => median(requests[name])),
      // The worst round: a limit on a count holds always.
      measured: Math.max(...requests.tallymark),
      spread: [Math.min(...requests.tallymark), Math.max(...requests.tallymark)],
      peer: undefined,
      limit: 3,
    },
  ];
}

/** Whether the figure keeps to its limit. What has none always does; what could not be measured never. */
export function isReached({ measured, limit }: Figure): boolean {
  return limit === undefined || measured <= limit;
}

function ratio(
  name: string,
  unit: string,
  rounds: PerContender<number[]>,
  peer: Contender,
  limit: number | undefined,
): Figure {
  // Round by round, because neighbours in time met the same load.
  const ratios = rounds.tallymark.map((value, round) => value / (rounds[peer][round] ?? Number.NaN));
  return {
    name,
    unit,
    medians: perContender((contender) => median(rounds[contender])),
    measured: median(ratios),
    spread: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
    peer,
    limit,
  };
}
