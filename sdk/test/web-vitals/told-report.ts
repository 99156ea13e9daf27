import type { Vital } from "../../src/beacons/lib/vitals-source.ts";

export interface ToldReport extends Omit<Vital, "attribution"> {
  readonly attribution: Readonly<Record<string, string | number>>;
}

/** As `Vital["attribution"]` is, where the library knows one. */
type Attribution = { readonly [name: string]: unknown } & {
  readonly longestScript?: {
    readonly entry: { readonly sourceURL: string };
    readonly subpart: string;
    readonly intersectingDuration: number;
  };
};

/** What the names begin with that we give, see `OURS` in `vitals-attribution.ts`. */
export const OUR_NAME = " ";

/** A report of the library's as far as we read it, see `vitals-attribution.ts`: what is not read may be cut. */
export function toldReport({ attribution = {}, ...vital }: Vital): ToldReport {
  const { name, value, delta, rating, id, navigationType, navigationStartTime, navigationURL } = vital;
  const { longestScript, ...rest } = attribution as Attribution;
  const script = longestScript && {
    longestScriptUrl: longestScript.entry.sourceURL,
    longestScriptSubpart: longestScript.subpart,
    longestScriptDuration: longestScript.intersectingDuration,
  };
  return {
    ...{ name, value, delta, rating, id, navigationType },
    ...(navigationStartTime !== undefined && { navigationStartTime }),
    ...(navigationURL !== undefined && { navigationURL }),
    attribution: Object.fromEntries(Object.entries({ ...rest, ...script }).filter(isTold)),
  };
}

function isTold(entry: [name: string, value: unknown]): entry is [string, string | number] {
  const [name, value] = entry;
  if (typeof value !== "string") return typeof value === "number";
  return /target$/i.test(name) ? value.startsWith(OUR_NAME) : value !== "";
}
