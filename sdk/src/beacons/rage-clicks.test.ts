import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { spyClient } from "../../test/spy-client.ts";
import { type RageClicksOptions, rageClicks } from "./rage-clicks.ts";

let client: ReturnType<typeof spyClient>;
let stop = (): void => {};
let now = 0;

beforeEach(() => {
  document.body.innerHTML = '<button id="target">x</button>';
  getSelection()?.removeAllRanges();
  start();
});
afterEach(() => stop());

function start(options?: RageClicksOptions): void {
  stop();
  client = spyClient();
  stop = rageClicks(options)(client);
}

/** A click so many ms after the one before it. */
function click(afterMs = 0, init: MouseEventInit = {}, target = document.querySelector("#target")): void {
  now += afterMs;
  const event = new MouseEvent("click", { bubbles: true, composed: true, cancelable: true, detail: 1, ...init });
  Object.defineProperty(event, "timeStamp", { value: now });
  target?.dispatchEvent(event);
}

function clickThrice(init?: MouseEventInit, target?: Element | null): void {
  for (const afterMs of [5000, 100, 100]) click(afterMs, init, target);
}

describe("rageClicks", () => {
  it("tracks three clicks within a second, when the third comes", () => {
    click(5000);
    click(400);
    expect(client.track).not.toHaveBeenCalled();
    click(400);
    expect(client.tracked()).toEqual([["rage_click", { target: "html>body>button" }]]);
  });

  it("tracks a burst once, however many clicks follow, also slower ones, and the next burst again", () => {
    for (const afterMs of [5000, 100, 100, 100, 100, 100, 700, 700, 700, 300, 300]) click(afterMs);
    expect(client.track).toHaveBeenCalledTimes(1);
    for (const afterMs of [1000, 100, 100, 100]) click(afterMs);
    expect(client.track).toHaveBeenCalledTimes(2);
  });

  it("tracks nothing where they are too slow", () => {
    for (const afterMs of [5000, 500, 500, 500, 500]) click(afterMs);
    expect(client.track).not.toHaveBeenCalled();
  });

  it("tracks nothing where they are 30 px apart", () => {
    for (const clientX of [0, 30, 60]) click(10, { clientX });
    for (const clientY of [0, 30, 60]) click(10, { clientY });
    expect(client.track).not.toHaveBeenCalled();
    for (const clientX of [100, 129, 115]) click(10, { clientX });
    expect(client.track).toHaveBeenCalledTimes(1);
  });

  it.each([
    ["the right button", { button: 2 }],
    ["the keyboard or a script", { detail: 0 }],
  ])("tracks nothing for clicks of %s", (_, init) => {
    clickThrice(init);
    expect(client.track).not.toHaveBeenCalled();
  });

  it.each([
    "<textarea id=target></textarea>",
    '<input id="target" type="number">',
    '<label><input id="target" type="checkbox"></label>',
    "<select id=target></select>",
    '<p contenteditable><b id="target">x</b></p>',
    "<canvas id=target></canvas>",
    "<video id=target></video>",
    '<button id="target" data-tallymark-ignore>+</button>',
    '<div data-tallymark-ignore><button id="target">+</button></div>',
  ])("tracks nothing in %s", (html) => {
    document.body.innerHTML = html;
    clickThrice();
    expect(client.track).not.toHaveBeenCalled();
  });

  it.each(['<input id="target" type="submit">', '<i id="target">x</i>', "<div id=target></div>"])(
    "tracks clicks on %s",
    (html) => {
      document.body.innerHTML = html;
      clickThrice();
      expect(client.track).toHaveBeenCalledTimes(1);
    },
  );

  it("tracks nothing where a triple click has selected text, unless it is the text of a link", () => {
    document.body.innerHTML = '<p id="target">Some text</p>';
    getSelection()?.selectAllChildren(document.body);
    clickThrice();
    expect(client.track).not.toHaveBeenCalled();
    document.body.innerHTML = '<a href="#"><b id="target">Some text</b></a>';
    getSelection()?.selectAllChildren(document.body);
    clickThrice();
    expect(client.tracked()).toEqual([["rage_click", { target: "html>body>a" }]]);
  });

  it("finds the button and what is ignored in open shadow roots", () => {
    document.body.innerHTML = "<x-card></x-card>";
    const host = document.querySelector("x-card");
    const root = host?.attachShadow({ mode: "open" }) as ShadowRoot;
    root.innerHTML = "<button><i>x</i></button>";
    clickThrice({}, root.querySelector("i"));
    host?.setAttribute("data-tallymark-ignore", "");
    clickThrice({}, root.querySelector("i"));
    expect(client.tracked()).toEqual([["rage_click", { target: "html>body>x-card>button" }]]);
  });

  it("takes other limits, and another description", () => {
    start({ count: 2, distancePx: 5, windowMs: 200, describe: ({ id }) => id });
    click(5000);
    click(200);
    click(100, { clientX: 5 });
    expect(client.track).not.toHaveBeenCalled();
    click(100, { clientX: 5 });
    expect(client.tracked()).toEqual([["rage_click", { target: "target" }]]);
  });

  it("harms nobody where the description throws", () => {
    start({
      describe: () => {
        throw new Error("no");
      },
    });
    const onError = vi.fn();
    addEventListener("error", onError);
    clickThrice();
    removeEventListener("error", onError);
    expect(onError).not.toHaveBeenCalled();
    expect(client.track).not.toHaveBeenCalled();
  });

  it("tracks nothing after stop", () => {
    stop();
    clickThrice();
    expect(client.track).not.toHaveBeenCalled();
  });
});
