import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { spyClient } from "../../test/spy-client.ts";
import { extraBeacons } from "./extra-beacons.ts";
import { start } from "./load-beacons.ts";

const stop = vi.fn();
vi.mock("./load-beacons.ts", () => ({ start: vi.fn(() => stop) }));

beforeEach(() => {
  vi.stubGlobal("LOADER_FILE", "load-beacons.ts");
});
afterEach(() => {
  vi.clearAllMocks();
  vi.unstubAllGlobals();
});

/** A main tag, in the folder of the sources: the loader is beside it. */
function mainTag(beacons?: string, src = `${import.meta.dirname}/tallymark.js`): HTMLScriptElement {
  const tag = document.createElement("script");
  if (beacons !== undefined) tag.dataset.beacons = beacons;
  // happy-dom does not resolve it as browsers do.
  Object.defineProperty(tag, "src", { value: src });
  return tag;
}

/** Long enough for a file that is there. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 50));

describe("extraBeacons", () => {
  it.each([
    ["no such attribute", mainTag()],
    ["an empty one", mainTag("")],
    ["no tag that is known", undefined],
    ["no tag, as in a module", null],
  ])("does nothing where there is %s", async (_, tag) => {
    expect(() => extraBeacons(tag)(spyClient())()).not.toThrow();
    await settle();
    expect(start).not.toHaveBeenCalled();
  });

  it.each(["tallymark.js", "t.js?v=1", "tallymark.0.1.0.js"])("takes the loader from beside %s", async (file) => {
    const tag = mainTag("vitals", `${import.meta.dirname}/${file}`);
    const client = spyClient();
    extraBeacons(tag)(client);
    await vi.waitFor(() => expect(start).toHaveBeenCalledExactlyOnceWith(client, tag));
    expect(stop).not.toHaveBeenCalled();
  });

  it("stops what the loader has started, and starts it again", async () => {
    const beacon = extraBeacons(mainTag("vitals"));
    const stopFirst = beacon(spyClient());
    await vi.waitFor(() => expect(start).toHaveBeenCalledTimes(1));
    stopFirst();
    beacon(spyClient());
    await vi.waitFor(() => expect(start).toHaveBeenCalledTimes(2));
    expect(stop).toHaveBeenCalledTimes(1);
    expect(stop.mock.invocationCallOrder[0]).toBeLessThan(vi.mocked(start).mock.invocationCallOrder[1] as number);
  });

  it("stops at once what was stopped before the loader came", async () => {
    extraBeacons(mainTag("vitals"))(spyClient())();
    await vi.waitFor(() => expect(stop).toHaveBeenCalledTimes(1));
  });

  it("harms nobody where the loader is not to be had", async () => {
    vi.stubGlobal("LOADER_FILE", "no-such-file.js");
    const undo = extraBeacons(mainTag("vitals"))(spyClient());
    await settle();
    expect(undo).not.toThrow();
    await settle();
    expect(start).not.toHaveBeenCalled();
  });
});
