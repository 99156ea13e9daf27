import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { spyClient } from "../../test/spy-client.ts";
import { type DeadClicksOptions, deadClicks } from "./dead-clicks.ts";

let client: ReturnType<typeof spyClient>;
let stop = (): void => {};
let pages = 0;
/** What the page does when it is clicked. */
let onClick: ((event: Event) => void) | undefined;

// happy-dom would send the form.
const answer = (event: Event) => {
  onClick?.(event);
  event.stopImmediatePropagation();
};
const stayHere = (event: Event) => event.preventDefault();

beforeEach(() => {
  vi.useFakeTimers();
  history.replaceState({}, "", "/start");
  document.body.innerHTML = '<button id="target">x</button><input id="field"><p id="text">Some text</p>';
  document.addEventListener("click", answer, true);
  document.addEventListener("submit", stayHere);
  start();
});
afterEach(() => {
  stop();
  onClick = undefined;
  document.removeEventListener("click", answer, true);
  document.removeEventListener("submit", stayHere);
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function start(options?: DeadClicksOptions): void {
  stop();
  client = spyClient();
  stop = deadClicks(options)(client);
}

function press(target: Element | null = document.querySelector("#target")): void {
  target?.dispatchEvent(new Event("pointerdown", { bubbles: true, composed: true }));
}

function click(init: MouseEventInit = {}, target: Element | null = document.querySelector("#target")): void {
  press(target);
  release(init, target);
}

function release(init: MouseEventInit = {}, target: Element | null = document.querySelector("#target")): void {
  const event = new MouseEvent("click", { bubbles: true, composed: true, cancelable: true, detail: 1, ...init });
  // Not a link's own method, by which happy-dom follows it.
  if (target) HTMLElement.prototype.dispatchEvent.call(target, event);
}

const wait = (ms = 2500) => vi.advanceTimersByTimeAsync(ms);

describe("deadClicks", () => {
  it("tracks a click on a button after which nothing happens, after 2.5 s", async () => {
    click();
    await wait(2499);
    expect(client.track).not.toHaveBeenCalled();
    await wait(1);
    expect(client.tracked()).toEqual([["dead_click", { target: "html>body>button" }]]);
    await wait(60_000);
    expect(client.track).toHaveBeenCalledTimes(1);
  });

  it.each([
    '<a id="target" href="#">x</a>',
    '<a id="target" href="javascript:void 0">x</a>',
    '<a id="target">x</a>',
    '<button><i id="target">x</i></button>',
    '<div role="button" id="target">x</div>',
    '<details><summary id="target">x</summary></details>',
    '<label id="target">x</label>',
    '<input id="target" type="submit">',
    '<div style="cursor: pointer"><i id="target">x</i></div>',
  ])("tracks a dead click on %s", async (html) => {
    document.body.innerHTML = html;
    // What the browser does by itself, and does not.
    onClick = html.includes('"#"') ? () => history.replaceState({}, "", "#") : stayHere;
    click();
    await wait();
    expect(client.tracked().map(([name]) => name)).toEqual(["dead_click"]);
  });

  it.each([
    '<p id="target">x</p>',
    '<a id="target" href="/next">x</a>',
    '<a id="target" href="https://a.example/">x</a>',
    '<a id="target" href="#part">x</a>',
    '<a id="target" href="mailto:a@a.example">x</a>',
    '<a id="target" href="/report.pdf" download>x</a>',
    '<input id="target" type="file" style="cursor: pointer">',
    '<textarea id="target" style="cursor: pointer"></textarea>',
    '<canvas id="target" style="cursor: pointer"></canvas>',
    '<button id="target" role="tab" aria-selected="true">x</button>',
    '<a id="target" href="#" aria-current="page">x</a>',
    '<button id="target" data-tallymark-ignore>x</button>',
    '<div data-tallymark-ignore><button id="target">x</button></div>',
  ])("tracks nothing for a click on %s", async (html) => {
    document.body.innerHTML = html;
    click();
    await wait();
    expect(client.track).not.toHaveBeenCalled();
  });

  it("tracks a link that the page keeps the browser from following, and then does nothing", async () => {
    document.body.innerHTML = '<a id="target" href="/next">x</a>';
    onClick = stayHere;
    click();
    await wait();
    expect(client.tracked()).toEqual([["dead_click", { target: "html>body>a" }]]);
  });

  it.each<[string, () => void]>([
    ["a new element", () => document.body.append("x")],
    ["an attribute", () => document.documentElement.setAttribute("data-theme", String(Math.random()))],
    ["a text", () => Object.assign(document.querySelector("#text")?.firstChild as Text, { data: "Other text" })],
    ["another address", () => history.pushState({}, "", `/next?${++pages}`)],
    ["another fragment", () => history.replaceState({}, "", `#part${++pages}`)],
    ["a scroll of any element", () => document.querySelector("#text")?.dispatchEvent(new Event("scroll"))],
    [
      "a form that is sent",
      () => document.body.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true })),
    ],
    ["a field that is not valid", () => document.querySelector("#field")?.dispatchEvent(new Event("invalid"))],
    ["a popover", () => document.querySelector("#text")?.dispatchEvent(new Event("toggle"))],
    ["sound", () => document.querySelector("#text")?.dispatchEvent(new Event("play"))],
    ["the focus in a field", () => document.querySelector("#field")?.dispatchEvent(new Event("focus"))],
    ["another window", () => dispatchEvent(new Event("blur"))],
    ["another tab", () => document.dispatchEvent(new Event("visibilitychange", { bubbles: true }))],
    ["the end of the page", () => dispatchEvent(new Event("pagehide"))],
    ["a load that takes its time", () => dispatchEvent(new Event("beforeunload"))],
    ["a click of the page's own", () => document.querySelector<HTMLElement>("#field")?.click()],
    [
      "a selection",
      () => {
        getSelection()?.selectAllChildren(document.querySelector("#text") as Element);
        document.dispatchEvent(new Event("selectionchange"));
        getSelection()?.removeAllRanges();
      },
    ],
  ])("takes %s for an answer, late or at the press", async (_, happen) => {
    click();
    await wait(2400);
    happen();
    await wait();
    press();
    happen();
    await wait(0);
    release();
    await wait(5000);
    expect(client.track).not.toHaveBeenCalled();
    click();
    await wait();
    expect(client.track).toHaveBeenCalledTimes(1);
  });

  it.each<[string, () => void]>([
    ["the focus on the button", () => document.querySelector("#target")?.dispatchEvent(new Event("focus"))],
    ["a field that loses the focus", () => document.querySelector("#field")?.dispatchEvent(new Event("blur"))],
    ["a cursor that moves", () => document.dispatchEvent(new Event("selectionchange"))],
    ["a mouse that moves", () => document.body.dispatchEvent(new Event("mousemove", { bubbles: true }))],
  ])("takes %s for no answer", async (_, happen) => {
    getSelection()?.removeAllRanges();
    press();
    happen();
    release();
    happen();
    await wait();
    expect(client.track).toHaveBeenCalledTimes(1);
  });

  it.each(["ctrlKey", "metaKey", "shiftKey", "altKey"])("tracks no click with %s", async (key) => {
    click({ [key]: true });
    await wait();
    expect(client.track).not.toHaveBeenCalled();
  });

  it.each([
    ["the right button", { button: 2 }],
    ["the keyboard", { detail: 0 }],
  ])("tracks no click of %s", async (_, init) => {
    click(init);
    await wait();
    expect(client.track).not.toHaveBeenCalled();
  });

  it("tracks one element once, however often it is clicked, and two elements apart", async () => {
    document.body.innerHTML = '<button id="target"><i>x</i></button><a id="other">y</a>';
    click();
    await wait(1000);
    click({}, document.querySelector("i"));
    await wait(1000);
    click({}, document.querySelector("#other"));
    await wait(2000);
    expect(client.track).not.toHaveBeenCalled();
    await wait(500);
    expect(client.tracked().map(([, metadata]) => metadata)).toEqual([
      { target: "html>body>button" },
      { target: "html>body>a" },
    ]);
  });

  it("sees what changes in the open shadow roots round the click", async () => {
    document.body.innerHTML = "<x-card></x-card>";
    const root = document.querySelector("x-card")?.attachShadow({ mode: "open" }) as ShadowRoot;
    root.innerHTML = "<button>x</button><p></p>";
    const button = root.querySelector("button");
    click({}, button);
    root.querySelector("p")?.append("opened");
    await wait();
    expect(client.track).not.toHaveBeenCalled();
    click({}, button);
    await wait();
    expect(client.tracked()).toEqual([["dead_click", { target: "html>body>x-card>button" }]]);
  });

  it("asks for the computed style only when the time is over, and not of what is clickable by its markup", async () => {
    const getStyle = vi.spyOn(window, "getComputedStyle");
    click();
    await wait();
    expect(getStyle).not.toHaveBeenCalled();
    click({}, document.querySelector("#text"));
    expect(getStyle).not.toHaveBeenCalled();
    await wait();
    expect(getStyle).toHaveBeenCalledTimes(1);
  });

  it("observes nothing while no click waits, and leaves no timer and no listener after stop", async () => {
    stop();
    stop = () => {};
    const observe = vi.spyOn(MutationObserver.prototype, "observe");
    const disconnect = vi.spyOn(MutationObserver.prototype, "disconnect");
    const added = vi.spyOn(window, "addEventListener");
    const removed = vi.spyOn(window, "removeEventListener");
    start();
    expect(observe).not.toHaveBeenCalled();
    click();
    expect(vi.getTimerCount()).toBe(1);
    await wait();
    expect(vi.getTimerCount()).toBe(0);
    click();
    stop();
    expect(vi.getTimerCount()).toBe(0);
    expect(disconnect.mock.calls.length).toBeGreaterThanOrEqual(2);
    expect(removed.mock.calls.map(([type]) => type).sort()).toEqual(added.mock.calls.map(([type]) => type).sort());
    click();
    await wait();
    expect(client.track).toHaveBeenCalledTimes(1);
  });

  it("takes another time and another description; one that throws harms nobody", async () => {
    start({ windowMs: 100, describe: ({ id }) => id });
    click();
    await wait(100);
    expect(client.tracked()).toEqual([["dead_click", { target: "target" }]]);
    start({
      describe: () => {
        throw new Error("no");
      },
    });
    vi.spyOn(console, "warn").mockImplementation(() => {});
    click();
    await wait();
    expect(client.track).not.toHaveBeenCalled();
  });
});

it("does not break a page with a form called URL, which takes the place of the document's address", () => {
  Object.defineProperty(document, "URL", { configurable: true, value: document.createElement("form") });
  const onError = vi.fn();
  addEventListener("error", onError);
  document.body.dispatchEvent(new Event("pointerdown", { bubbles: true, composed: true }));
  removeEventListener("error", onError);
  Reflect.deleteProperty(document, "URL");
  expect(onError).not.toHaveBeenCalled();
});
