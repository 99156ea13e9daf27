import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from "vitest";
import { spyClient } from "../../test/spy-client.ts";
import type { Beacon } from "../core/options.ts";
import { type BeaconTag, deliver } from "./deliver.ts";

let consoleWarn: MockInstance<typeof console.warn>;
let appended: BeaconTag[];
let start: typeof import("./load-beacons.ts").start;

beforeEach(async () => {
  consoleWarn = vi.spyOn(console, "warn").mockImplementation(() => {});
  appended = [];
  // Not really appended: happy-dom would fetch it.
  vi.spyOn(document.head, "append").mockImplementation((...nodes) => void appended.push(...(nodes as BeaconTag[])));
  vi.stubGlobal("BEACON_FILES", [
    ["vitals", "tallymark-vitals.0a1b2c3d.js", "sha384-vitals"],
    ["errors", "tallymark-errors.4e5f6a7b.js", "sha384-errors"],
  ]);
  vi.resetModules();
  ({ start } = await import("./load-beacons.ts"));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function mainTag(beacons?: string): HTMLScriptElement {
  const tag = document.createElement("script");
  if (beacons !== undefined) tag.dataset.beacons = beacons;
  return Object.assign(tag, { nonce: "n0nce" });
}

/** Runs a file as its tag would. */
async function run(tag: BeaconTag | undefined, beacon: Beacon): Promise<void> {
  const currentScript = vi.spyOn(document, "currentScript", "get").mockReturnValue(tag ?? null);
  deliver(beacon);
  currentScript.mockRestore();
  await Promise.resolve();
}

function spyBeacon() {
  const stop = vi.fn();
  return { stop, beacon: vi.fn<Beacon>(() => stop) };
}

describe("the loader of extra beacons", () => {
  it.each([[undefined], [""], [" \n"]])("loads nothing for data-beacons=%j", (beacons) => {
    expect(() => start(spyClient(), mainTag(beacons))()).not.toThrow();
    expect(appended).toEqual([]);
    expect(consoleWarn).not.toHaveBeenCalled();
  });

  it("loads each file once, from beside itself, with its hash and the nonce of the main tag", () => {
    start(spyClient(), mainTag(" vitals\n errors vitals "));
    expect(appended.map(({ src }) => src)).toEqual([
      `file://${import.meta.dirname}/tallymark-vitals.0a1b2c3d.js`,
      `file://${import.meta.dirname}/tallymark-errors.4e5f6a7b.js`,
    ]);
    expect(appended.map(({ integrity }) => integrity)).toEqual(["sha384-vitals", "sha384-errors"]);
    for (const { crossOrigin, nonce } of appended) expect([crossOrigin, nonce]).toEqual(["", "n0nce"]);
  });

  it.each(["vital", "constructor", "vitals,errors"])("names %s on the console, and those there are", (name) => {
    start(spyClient(), mainTag(`${name} errors`));
    expect(consoleWarn.mock.calls).toEqual([[`Tallymark: data-beacons knows no "${name}"; there are vitals, errors.`]]);
    expect(appended).toHaveLength(1);
  });

  it("starts each beacon with the client when its file is there, and stops them", async () => {
    const client = spyClient();
    const stop = start(client, mainTag("vitals errors"));
    const vitals = spyBeacon();
    await run(appended[0], vitals.beacon);
    expect(vitals.beacon).toHaveBeenCalledExactlyOnceWith(client);
    stop();
    stop();
    expect(vitals.stop).toHaveBeenCalledTimes(1);
  });

  it("does not start what arrives after the stop, and starts it with the next start, loaded once", async () => {
    const stop = start(spyClient(), mainTag("vitals"));
    stop();
    const vitals = spyBeacon();
    await run(appended[0], vitals.beacon);
    expect(vitals.beacon).not.toHaveBeenCalled();
    start(spyClient(), mainTag("vitals"));
    await Promise.resolve();
    expect(vitals.beacon).toHaveBeenCalledTimes(1);
    expect(appended).toHaveLength(1);
  });

  it("keeps the others where one throws, or never comes", async () => {
    start(spyClient(), mainTag("vitals errors"));
    const errors = spyBeacon();
    await run(appended[1], errors.beacon);
    await run(appended[0], () => {
      throw new Error("broken");
    });
    expect(errors.beacon).toHaveBeenCalledTimes(1);
  });

  it("harms nobody where the page does not let it make a script", () => {
    vi.spyOn(document, "createElement").mockImplementation(() => {
      throw new TypeError("requires TrustedScriptURL");
    });
    expect(() => start(spyClient(), { dataset: { beacons: "vitals" }, nonce: "" } as never)()).not.toThrow();
  });

  it("does nothing where a page has put the file's tag itself", async () => {
    const { beacon } = spyBeacon();
    await run(document.createElement("script"), beacon);
    await run(undefined, beacon);
    expect(beacon).not.toHaveBeenCalled();
  });
});

describe("trusted types", () => {
  it("has one policy, called tallymark", () => {
    const createScriptURL = vi.fn((url: string) => `trusted ${url}`);
    const createPolicy = vi.fn((_name: string, _rules: object) => ({ createScriptURL }));
    vi.stubGlobal("trustedTypes", { createPolicy });
    start(spyClient(), mainTag("vitals errors"));
    expect(createPolicy.mock.calls.map(([name]) => name)).toEqual(["tallymark"]);
    expect(createScriptURL).toHaveBeenCalledTimes(2);
    const [, rules] = createPolicy.mock.calls[0] as unknown as [string, { createScriptURL(url: string): string }];
    expect(rules.createScriptURL("https://a.example/b.js")).toBe("https://a.example/b.js");
  });

  it("does without where the page allows no such policy", () => {
    const createPolicy = () => {
      throw new TypeError("disallowed");
    };
    vi.stubGlobal("trustedTypes", { createPolicy });
    start(spyClient(), mainTag("vitals"));
    expect(appended[0]?.src).toContain("/tallymark-vitals.0a1b2c3d.js");
  });
});
