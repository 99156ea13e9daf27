import { describe, expectTypeOf, test } from "vitest";
import { pageViews } from "../beacons/page-views.ts";
import type { Metadata, WireEvent } from "../protocol/event.ts";
import { createTallymark } from "./client.ts";
import type { BeaconClient, SendResult, Tallymark } from "./options.ts";

const options = { endpoint: "" };

/** What an app may declare: an interface, with an interface inside, and events that say nothing or may say something. */
interface ShopEvents {
  signup: { readonly plan: "free" | "paid"; readonly seats?: number };
  purchase: Purchase;
  logout: undefined;
  search: { readonly term: string } | undefined;
  theme?: { readonly dark: boolean };
}

interface Purchase {
  total: number;
  items: string[];
}

describe("a client that knows its events", () => {
  const client = createTallymark<ShopEvents>(options);

  test("takes each with its metadata, and with what the page is", () => {
    client.track("signup", { plan: "free" });
    client.track("signup", { plan: "paid", seats: 3 }, { url: "/x", title: "X" });
    client.track("purchase", { total: 5, items: ["a"] });
  });

  test("takes an event without metadata where that may be undefined", () => {
    client.track("logout");
    client.track("logout", undefined, { url: "/x" });
    client.track("search");
    client.track("search", { term: "a" });
    client.track("theme");
    client.track("theme", { dark: true });
  });

  test("refuses names it does not know", () => {
    // @ts-expect-error: it is called signup.
    client.track("sign_up", { plan: "free" });
    // @ts-expect-error: any string is too little.
    client.track("a" as string);
    expectTypeOf<Parameters<typeof client.track>[0]>().toEqualTypeOf<keyof ShopEvents>();
  });

  test("refuses metadata that is missing, wrong or too much", () => {
    // @ts-expect-error: signup says a plan.
    client.track("signup");
    // @ts-expect-error: signup says a plan.
    client.track("signup", {});
    // @ts-expect-error: there is no such plan.
    client.track("signup", { plan: "gold" });
    // @ts-expect-error: signup has no name.
    client.track("signup", { plan: "free", name: "Alice" });
    // @ts-expect-error: total is a number.
    client.track("purchase", { total: "5", items: [] });
    // @ts-expect-error: logout says nothing.
    client.track("logout", { why: "tired" });
    // @ts-expect-error: a page is its url, referrer and title.
    client.track("logout", undefined, { path: "/x" });
  });

  test("takes a type alias for its events as well", () => {
    type Events = { signup: { plan: string }; logout: undefined };
    const aliased = createTallymark<Events>(options);
    aliased.track("signup", { plan: "free" });
    aliased.track("logout");
    // @ts-expect-error: it is called signup.
    aliased.track("login");
  });

  test("is a client like any other to who knows less", () => {
    expectTypeOf(client).toExtend<Tallymark>();
    expectTypeOf(client).toExtend<BeaconClient>();
    const plain: Tallymark = client;
    pageViews()(plain);
  });
});

describe("a client that knows no events", () => {
  const client = createTallymark(options);

  test("takes any name, with metadata or without", () => {
    client.track("anything");
    client.track("anything" as string, { nested: { list: [1, "a", true, null] } });
    client.track("anything", undefined, { url: "/x" });
    expectTypeOf<Parameters<typeof client.track>[1]>().toEqualTypeOf<Metadata | undefined>();
  });

  test("refuses what is not JSON", () => {
    // @ts-expect-error: a function.
    client.track("anything", { run: () => {} });
    // @ts-expect-error: a BigInt.
    client.track("anything", { big: 1n });
    // @ts-expect-error: a date.
    client.track("anything", { at: new Date() });
    // @ts-expect-error: metadata has keys.
    client.track("anything", "text");
    // @ts-expect-error: a name is a string.
    client.track(5);
  });

  test("may be kept where any client may", () => {
    expectTypeOf(client).toExtend<Tallymark>();
    const kept: Tallymark = client;
    kept.track("anything", { kept: true });
  });
});

describe("the options", () => {
  test("must have an endpoint, and take no others", () => {
    // @ts-expect-error: there is no endpoint.
    createTallymark({});
    // @ts-expect-error: it is called sampleRate.
    createTallymark({ ...options, samplerate: 1 });
    // @ts-expect-error: consent is one of three words.
    createTallymark({ ...options, consent: true });
    // @ts-expect-error: there are no cookies.
    createTallymark({ ...options, identity: "cookie" });
  });

  test("have a hook that returns an event or null", () => {
    createTallymark({ ...options, beforeSend: (event) => (event.event === "a" ? null : { ...event, title: "" }) });
    // @ts-expect-error: it has forgotten to return.
    createTallymark({ ...options, beforeSend: () => {} });
    // @ts-expect-error: nobody waits for it.
    createTallymark({ ...options, beforeSend: async (event: WireEvent) => event });
  });
});

test("sendEvent resolves to an answer that says by itself whether it is good", () => {
  const client = createTallymark(options);
  expectTypeOf(client.sendEvent).returns.resolves.toEqualTypeOf<SendResult>();
  expectTypeOf(client.forget).returns.resolves.toEqualTypeOf<boolean>();
  expectTypeOf<Extract<SendResult, { ok: false }>["error"]>().toExtend<string>();
});
