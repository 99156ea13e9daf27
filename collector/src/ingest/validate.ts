import type { WireEvent } from "@tallymark/sdk/protocol";
import * as v from "valibot";
import { isPlainEnvelope, isPlainEvent } from "./is-plain-event.ts";
import { type Envelope, envelope, WIRE_EVENT_KEYS, wireEvent } from "./schema.ts";

/** Which rule was broken where. Never holds a value: values are the visitor's. */
export interface Issue {
  readonly path: string;
  readonly message: string;
}

export interface Invalid {
  readonly ok: false;
  readonly issues: readonly Issue[];
}

export type Validated = { readonly ok: true; readonly event: WireEvent; readonly ignored: readonly string[] } | Invalid;

/** Holds one parsed event against the protocol. `alsoKnown` are keys of the request round it, such as `sent_at`. */
export function validateEvent(input: unknown, alsoKnown: ReadonlySet<string> = NONE): Validated {
  const ignored = unknownKeys(input, WIRE_EVENT_KEYS, alsoKnown);
  if (ignored.length === 0 && isPlainEvent(input)) return { ok: true, event: input, ignored };
  const result = v.safeParse(wireEvent, input);
  if (!result.success) return { ok: false, issues: issuesOf(result.issues) };
  return { ok: true, event: result.output, ignored };
}

/** Holds what travels round the events against the protocol. */
export function validateEnvelope(input: unknown): { readonly ok: true; readonly envelope: Envelope } | Invalid {
  if (isPlainEnvelope(input)) return { ok: true, envelope: input };
  const result = v.safeParse(envelope, input);
  return result.success ? { ok: true, envelope: result.output } : { ok: false, issues: issuesOf(result.issues) };
}

/** Top-level keys that are in none of the sets. */
export function unknownKeys(input: unknown, known: ReadonlySet<string>, alsoKnown = NONE): readonly string[] {
  if (typeof input !== "object" || input === null) return NO_KEYS;
  let unknown: string[] | undefined;
  for (const key in input) {
    if (known.has(key) || alsoKnown.has(key)) continue;
    unknown ??= [];
    unknown.push(key);
  }
  return unknown ?? NO_KEYS;
}

/** Faults of a valibot result as data. */
function issuesOf(issues: readonly v.BaseIssue<unknown>[]): Issue[] {
  return issues.map((issue) => ({ path: v.getDotPath(issue) ?? "", message: issue.message }));
}

const NONE: ReadonlySet<string> = new Set();
const NO_KEYS: readonly string[] = [];
