import type { Batch, SingleEvent, WireEvent } from "@tallymark/sdk/protocol";
import type * as v from "valibot";
import { describe, expectTypeOf, test } from "vitest";
import type { envelope, wireEvent } from "./schema.ts";

type Entries = (typeof wireEvent)["pipe"][0]["entries"];

describe("the collector's schema", () => {
  test("puts out what the SDK's type says, and nothing more", () => {
    expectTypeOf<v.InferOutput<typeof wireEvent>>().toEqualTypeOf<WireEvent>();
    expectTypeOf<WireEvent>().toEqualTypeOf<v.InferOutput<typeof wireEvent>>();
  });

  test("takes in what the SDK's type says", () => {
    expectTypeOf<WireEvent>().toExtend<v.InferInput<typeof wireEvent>>();
  });

  test("has a rule for every key of the SDK's type, and for no other", () => {
    expectTypeOf<keyof Entries>().toEqualTypeOf<keyof WireEvent>();
    expectTypeOf<keyof WireEvent>().toEqualTypeOf<keyof Entries>();
  });

  test("has these keys and these only", () => {
    expectTypeOf<keyof WireEvent>().toEqualTypeOf<
      | "event"
      | "visitor_id"
      | "id"
      | "session_id"
      | "site"
      | "ts"
      | "url"
      | "referrer"
      | "title"
      | "page_view_id"
      | "language"
      | "viewport"
      | "sample_rate"
      | "metadata"
    >();
  });

  test("requires the same keys", () => {
    type Required<Type> = { [key in keyof Type]-?: object extends Pick<Type, key> ? never : key }[keyof Type];
    expectTypeOf<Required<v.InferInput<typeof wireEvent>>>().toEqualTypeOf<Required<WireEvent>>();
    expectTypeOf<Required<WireEvent>>().toEqualTypeOf<"event">();
  });

  test("knows of the envelope what a batch and a single event carry", () => {
    expectTypeOf<keyof v.InferOutput<typeof envelope>>().toEqualTypeOf<Exclude<keyof Batch, "events">>();
    expectTypeOf<v.InferOutput<typeof envelope>["sent_at"]>().toEqualTypeOf<SingleEvent["sent_at"]>();
  });
});
