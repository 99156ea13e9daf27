import manifest from "../package.json" with { type: "json" };

const { version, devDependencies } = manifest;

/** What is compared, with exact versions. How an app uses each is in `apps/<name>.ts`. */
export const VERSIONS = {
  tallymark: `@tallymark/sdk@${version} (from source)`,
  plausible: `@plausible-analytics/tracker@${devDependencies["@plausible-analytics/tracker"]}`,
  openpanel: `@openpanel/web@${devDependencies["@openpanel/web"]}`,
} as const;

export type Contender = keyof typeof VERSIONS;

export const CONTENDERS = Object.keys(VERSIONS) as readonly Contender[];

/** One value of a kind for each contender. */
export type PerContender<Value> = Readonly<Record<Contender, Value>>;

/** Calls `make` for each contender. */
export function perContender<Value>(make: (contender: Contender) => Value): PerContender<Value> {
  return Object.fromEntries(CONTENDERS.map((contender) => [contender, make(contender)])) as PerContender<Value>;
}
