import {
  EVENT_NAME,
  IDENTIFIER,
  MAX_LANGUAGE_LENGTH,
  MAX_TITLE_LENGTH,
  MAX_URL_LENGTH,
  type Metadata,
  SITE,
  type WireEvent,
} from "@tallymark/sdk/protocol";
import * as v from "valibot";
import { metadataFault } from "./metadata-fault.ts";

const identifier = v.pipe(
  v.string("must be a string"),
  v.regex(IDENTIFIER, "must be 1–64 characters of A–Z, a–z, 0–9, _ and -"),
);

const clock = v.pipe(v.number("must be a number of milliseconds"), v.safeInteger("must be whole milliseconds"));

/**
 * One event off the wire. Written against the SDK's own type, and held to it both ways by `schema.test-d.ts`, so that
 * the two cannot drift. Messages name the rule and never repeat a value: values are the visitor's.
 */
export const wireEvent = v.pipe(
  v.object(
    {
      event: v.pipe(
        v.string("must be a string"),
        v.regex(EVENT_NAME, "must be 1–64 characters: a letter, then letters, digits, _ . : or -"),
      ),
      visitor_id: v.exactOptional(
        v.pipe(
          v.string("must be a string"),
          v.check(
            (id) => id === "" || IDENTIFIER.test(id),
            "must be empty, or 1–64 characters of A–Z, a–z, 0–9, _ and -",
          ),
        ),
      ),
      id: v.exactOptional(identifier),
      session_id: v.exactOptional(identifier),
      site: v.exactOptional(
        v.pipe(v.string("must be a string"), v.regex(SITE, "must be 1–64 characters of A–Z, a–z, 0–9, _ . and -")),
      ),
      ts: v.exactOptional(clock),
      url: v.exactOptional(text(MAX_URL_LENGTH)),
      referrer: v.exactOptional(text(MAX_URL_LENGTH)),
      title: v.exactOptional(text(MAX_TITLE_LENGTH)),
      page_view_id: v.exactOptional(identifier),
      language: v.exactOptional(text(MAX_LANGUAGE_LENGTH)),
      viewport: v.exactOptional(v.picklist(["xs", "sm", "md", "lg", "xl"], "must be one of xs, sm, md, lg, xl")),
      sample_rate: v.exactOptional(
        v.pipe(
          v.number("must be a number"),
          v.check((rate) => rate > 0 && rate <= 1, "must be more than 0 and at most 1"),
        ),
      ),
      metadata: v.exactOptional(
        v.pipe(
          v.custom<Metadata>(isObject, "must be an object"),
          v.rawCheck(({ dataset, addIssue }) => {
            const fault = dataset.typed ? metadataFault(dataset.value) : undefined;
            if (fault) addIssue({ message: fault });
          }),
        ),
      ),
    },
    ({ received }) => (received === "undefined" ? "is required" : "must be a JSON object"),
  ),
  v.readonly(),
) satisfies v.GenericSchema<WireEvent>;

/** The keys this collector knows; any other is ignored and named in the answer. */
export const WIRE_EVENT_KEYS: ReadonlySet<string> = new Set(Object.keys(wireEvent.pipe[0].entries));

/** Characters of `sdk`, as `name@version`. */
export const MAX_SDK_LENGTH = 64;

/** What travels round the events: the client's clock, and what its SDK had to give up. */
export const envelope = v.object(
  {
    sent_at: v.exactOptional(clock),
    sdk: v.exactOptional(text(MAX_SDK_LENGTH)),
    dropped: v.exactOptional(
      v.record(
        v.string(),
        v.pipe(v.number("must be a number"), v.safeInteger("must be whole"), v.minValue(0, "must not be negative")),
        "must be an object of counts",
      ),
    ),
  },
  "must be a JSON object",
);

export type Envelope = v.InferOutput<typeof envelope>;

function text(maxLength: number) {
  return v.pipe(v.string("must be a string"), v.maxLength(maxLength, `must be at most ${maxLength} characters`));
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
