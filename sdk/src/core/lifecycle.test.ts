import { afterEach, describe, expect, it, vi } from "vitest";
import { setVisibility } from "../../test/fake-collector.ts";
import { spyClient } from "../../test/spy-client.ts";
import { attemptAll, installBeacons, isBrowser, listen } from "./lifecycle.ts";

afterEach(() => {
  setVisibility("visible");
  vi.restoreAllMocks();
});

it("knows a browser", () => {
  expect(isBrowser()).toBe(true);
});

describe("listen", () => {
  it("hears every type it was given, and no other, until it is undone", () => {
    const heard: string[] = [];
    const stop = listen("pagehide online", ({ type }) => heard.push(type));
    for (const type of ["pagehide", "online", "offline"]) dispatchEvent(new Event(type));
    stop();
    for (const type of ["pagehide", "online"]) dispatchEvent(new Event(type));
    expect(heard).toEqual(["pagehide", "online"]);
  });

  it("hears an event before the document does, and is undone as well", () => {
    const order: string[] = [];
    const onDocument = () => order.push("document");
    document.addEventListener("click", onDocument, true);
    const stop = listen("click", () => order.push("window"));
    document.body.click();
    stop();
    document.body.click();
    document.removeEventListener("click", onDocument, true);
    expect(order).toEqual(["window", "document", "document"]);
  });
});

describe("attemptAll", () => {
  it("gives each function both inputs and returns what they return", () => {
    expect(attemptAll([(a: number, b: number) => a + b, (a: number) => a * 2], 5, 1)).toEqual([6, 10]);
  });

  it("goes on after one that throws or is none, and names it on the console", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const broken = () => {
      throw Symbol("hostile");
    };
    expect(attemptAll([broken, undefined, "none" as unknown as () => number, () => 1])).toEqual([
      undefined,
      undefined,
      undefined,
      1,
    ]);
    expect(warn).toHaveBeenCalledTimes(2);
  });
});

describe("installBeacons", () => {
  it("starts each beacon, and stops each by its undo, though others fail", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const stop = vi.fn();
    const start = vi.fn(() => stop);
    const broken = () => {
      throw new Error("broken");
    };
    const client = spyClient();
    const undo = installBeacons([broken, start, () => broken], client);
    expect(start.mock.calls[0]).toEqual([client, undefined]);
    expect(stop).not.toHaveBeenCalled();
    undo();
    expect(stop).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });
});
