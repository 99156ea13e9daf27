import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { setVisibility } from "../../test/fake-collector.ts";
import { transportTo } from "../../test/open-transport.ts";
import { spyClient } from "../../test/spy-client.ts";
import { LEAVE } from "../core/lifecycle.ts";
import { engagement } from "./engagement.ts";

const { transport } = transportTo();
let client: ReturnType<typeof spyClient>;
let hasFocus = true;
let stop = (): void => {};

beforeEach(() => {
  vi.useFakeTimers();
  hasFocus = true;
  vi.spyOn(document, "hasFocus").mockImplementation(() => hasFocus);
  transport._view = { event: "page_view", ts: 1 };
  client = spyClient(transport);
  stop = engagement()(client);
});
afterEach(() => {
  stop();
  setVisibility("visible");
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const turn = (type: string) => dispatchEvent(new Event(type));
const focus = (next: boolean): void => {
  hasFocus = next;
  turn(next ? "focus" : "blur");
};
const engaged = () => client.tracked().map(([name, metadata]) => [name, metadata?.engaged_ms]);

it("tells how long the page was before the visitor, when the view is left", () => {
  vi.advanceTimersByTime(1234);
  turn(LEAVE);
  vi.advanceTimersByTime(500);
  turn("pagehide");
  expect(engaged()).toEqual([
    ["engagement", 1234],
    ["engagement", 500],
  ]);
});

it("does not count while the page is hidden, nor while another window has the focus", () => {
  vi.advanceTimersByTime(1000);
  setVisibility("hidden");
  vi.advanceTimersByTime(2000);
  setVisibility("visible");
  vi.advanceTimersByTime(1000);
  focus(false);
  vi.advanceTimersByTime(4000);
  focus(true);
  vi.advanceTimersByTime(1000);
  turn("pagehide");
  expect(engaged()).toEqual([
    ["engagement", 1000],
    ["engagement", 2000],
  ]);
});

it("tells the time of a page that is hidden, and then only what is new", () => {
  vi.advanceTimersByTime(3000);
  setVisibility("hidden");
  vi.advanceTimersByTime(5000);
  setVisibility("visible");
  vi.advanceTimersByTime(99);
  setVisibility("hidden");
  setVisibility("visible");
  vi.advanceTimersByTime(100);
  setVisibility("hidden");
  turn("pagehide");
  expect(engaged()).toEqual([
    ["engagement", 3000],
    ["engagement", 100],
  ]);
});

it("sends nothing in between, however long it takes and whatever has the focus", () => {
  for (let i = 0; i < 10; i++) {
    vi.advanceTimersByTime(60_000);
    focus(false);
    focus(true);
  }
  expect(engaged()).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

it("does not count the time in the back/forward cache, whoever hears of the return first", () => {
  vi.advanceTimersByTime(1000);
  turn("pagehide");
  vi.advanceTimersByTime(60_000);
  turn(LEAVE);
  turn("pageshow");
  vi.advanceTimersByTime(110);
  turn("pagehide");
  expect(engaged()).toEqual([
    ["engagement", 1000],
    ["engagement", 110],
  ]);
});

it("counts nothing where no view is open, nor for the view that comes after, nor where it was not worth a word", () => {
  transport._view = undefined;
  vi.advanceTimersByTime(5000);
  turn(LEAVE);
  transport._view = { event: "page_view", ts: 2 };
  vi.advanceTimersByTime(700);
  turn(LEAVE);
  vi.advanceTimersByTime(99);
  turn(LEAVE);
  vi.advanceTimersByTime(99);
  turn(LEAVE);
  expect(engaged()).toEqual([["engagement", 700]]);
});

it("says nothing of a view that was never before the visitor", () => {
  stop();
  hasFocus = false;
  stop = engagement()(client);
  vi.advanceTimersByTime(5000);
  turn("pagehide");
  expect(engaged()).toEqual([]);
});

it("hears nothing after stop", () => {
  stop();
  vi.advanceTimersByTime(5000);
  turn("pagehide");
  turn(LEAVE);
  expect(engaged()).toEqual([]);
});
