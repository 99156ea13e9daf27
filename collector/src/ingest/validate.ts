import type { WireEvent } from "@tallymark/sdk/protocol";
import * as v from "valibot";
import { WIRE_EVENT_KEYS, wireEvent } from "./schema.ts";

/** Which rule was broken where. Never holds a value: values are the visitor's. */
export interface Issue {
  readonly path: string;
  readonly message: string;
}

export type Validated =
  | { readonly ok: true; readonly event: WireEvent; readonly ignored: readonly string[] }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/** Holds one parsed event against the protocol. `alsoKnown` are keys of the request round it, such as `sent_at`. */
export function validateEvent(input: unknown, alsoKnown: ReadonlySet<string> = NONE): Validated {
  const result = v.safeParse(wireEvent, input);
  if (!result.success) return { ok: false, issues: issuesOf(result.issues) };
  return { ok: true, event: result.output, ignored: unknownKeys(input, WIRE_EVENT_KEYS, alsoKnown) };
}

/** Faults of a valibot result as data. */
export function issuesOf(issues: readonly v.BaseIssue<unknown>[]): Issue[] {
  return issues.map((issue) => ({ path: v.getDotPath(issue) ?? "", message: issue.message }));
}

/** Top-level keys that are in none of the sets. */
export function unknownKeys(input: unknown, ...known: readonly ReadonlySet<string>[]): string[] {
  if (typeof input !== "object" || input === null) return [];
  return Object.keys(input).filter((key) => !known.some((keys) => keys.has(key)));
}

const NONE: ReadonlySet<string> = new Set();
