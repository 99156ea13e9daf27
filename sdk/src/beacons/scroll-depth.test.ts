import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { setVisibility } from "../../test/fake-collector.ts";
import { transportTo } from "../../test/open-transport.ts";
import { spyClient } from "../../test/spy-client.ts";
import { LEAVE } from "../core/lifecycle.ts";
import { scrollDepth } from "./scroll-depth.ts";

/** What the browser tells an observer once it has laid out the page: here when the test says so. */
let layOut = (): void => {};
let isObserving = false;

class FakeResizeObserver {
  constructor(callback: () => void) {
    layOut = () => isObserving && callback();
  }
  observe(): void {
    isObserving = true;
  }
  disconnect(): void {
    isObserving = false;
  }
}

const { transport } = transportTo();
let client: ReturnType<typeof spyClient>;
let stop = (): void => {};
const root = document.documentElement;
const main = document.createElement("main");

beforeEach(() => {
  vi.stubGlobal("ResizeObserver", FakeResizeObserver);
  document.body.append(main);
  size(root, 4000);
  size(main, 100);
  transport._view = { event: "page_view", ts: 1 };
  client = spyClient(transport);
  stop = scrollDepth()(client);
  layOut();
});
afterEach(() => {
  stop();
  main.remove();
  setVisibility("visible");
  vi.unstubAllGlobals();
});

function size(element: Element, scrollHeight: number, clientHeight = 1000): void {
  for (const [name, value] of Object.entries({ scrollHeight, clientHeight, scrollTop: 0 }))
    Object.defineProperty(element, name, { configurable: true, writable: true, value });
}

function scroll(element: Element, top: number): void {
  element.scrollTop = top;
  (element === root ? document : element).dispatchEvent(new Event("scroll"));
  layOut();
}

const turn = (type: string) => dispatchEvent(new Event(type));
const depths = () => client.tracked().map(([name, metadata]) => [name, metadata?.percent]);

it("tells the deepest point that was seen, when the view is left", () => {
  scroll(root, 1500);
  scroll(root, 200);
  turn("pagehide");
  expect(depths()).toEqual([["scroll_depth", 63]]);
});

it("counts what is seen without scrolling, and a page that fits the window as a whole", () => {
  turn(LEAVE);
  size(root, 1000);
  layOut();
  turn(LEAVE);
  expect(depths()).toEqual([
    ["scroll_depth", 25],
    ["scroll_depth", 100],
  ]);
});

it("measures by the length the page has in the end", () => {
  scroll(root, 3000);
  size(root, 8000);
  layOut();
  turn("pagehide");
  expect(depths()).toEqual([["scroll_depth", 50]]);
});

it("is told when the page is hidden, and again only where it has changed", () => {
  scroll(root, 1000);
  setVisibility("hidden");
  setVisibility("visible");
  setVisibility("hidden");
  scroll(root, 2000);
  turn("pagehide");
  expect(depths()).toEqual([
    ["scroll_depth", 50],
    ["scroll_depth", 75],
  ]);
});

it("starts at the top of the next view, wherever the router has not scrolled yet", () => {
  scroll(root, 3000);
  turn(LEAVE);
  layOut();
  turn(LEAVE);
  expect(depths()).toEqual([
    ["scroll_depth", 100],
    ["scroll_depth", 25],
  ]);
});

it("takes what scrolls inside the page for the page, where it is longer", () => {
  size(root, 1000);
  size(main, 2000, 500);
  scroll(main, 500);
  turn(LEAVE);
  expect(depths()).toEqual([["scroll_depth", 50]]);
});

it("does not take a short box for the page", () => {
  scroll(root, 1000);
  size(main, 900, 100);
  scroll(main, 800);
  turn(LEAVE);
  expect(depths()).toEqual([["scroll_depth", 50]]);
});

it("says nothing where no view is open", () => {
  transport._view = undefined;
  turn(LEAVE);
  expect(depths()).toEqual([]);
});

it("says nothing where the browser has laid out nothing yet", () => {
  stop();
  stop = scrollDepth()(client);
  turn(LEAVE);
  expect(depths()).toEqual([]);
});

it("says nothing after stop, and observes nothing", () => {
  stop();
  expect(isObserving).toBe(false);
  document.dispatchEvent(new Event("scroll"));
  expect(isObserving).toBe(false);
  turn(LEAVE);
  expect(depths()).toEqual([]);
});
