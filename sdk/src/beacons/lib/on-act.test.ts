import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type FindRound, onAct } from "./on-act.ts";

const callback = vi.fn<(element: Element, find: FindRound, event: Event) => void>();
let stop = (): void => {};

beforeEach(() => {
  callback.mockReset();
  stop = onAct("click auxclick", "b", callback);
});
afterEach(() => {
  stop();
  vi.unstubAllGlobals();
});

/** Clicks what `#target` finds in a document of `html`. */
function click(html: string, { type = "click", ...init }: MouseEventInit & { readonly type?: string } = {}): void {
  document.body.innerHTML = html;
  clickOn(document.querySelector("#target"), type, init);
}

function clickOn(target: Element | null | undefined, type = "click", init: MouseEventInit = {}): void {
  target?.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true, composed: true, ...init }));
}

/** An open shadow root with `html` in an element of the document. */
function shadow(html: string, host = "<div></div>"): ShadowRoot | undefined {
  document.body.innerHTML = host;
  const root = document.querySelector("div")?.attachShadow({ mode: "open" });
  if (root) root.innerHTML = html;
  return root;
}

/** The `id` of each element that was found. */
const found = () => callback.mock.calls.map(([{ id }]) => id);

describe("onAct", () => {
  it.each([
    ["the element itself", '<b id="target">x</b>', "target"],
    ["what it has deep inside", '<b id="outer"><i><u id="target">x</u></i></b>', "outer"],
    ["SVG inside", '<b id="outer"><svg><circle id="target" /></svg></b>', "outer"],
    ["the innermost of several", '<b id="outer"><i><b id="inner"><i id="target"></i></b></i></b>', "inner"],
  ])("finds %s", (_, html, id) => {
    click(html);
    expect(found()).toEqual([id]);
  });

  it("finds an element in an open shadow root, and one round it", () => {
    clickOn(shadow('<b id="inside"><i>x</i></b>')?.querySelector("i"));
    clickOn(shadow("<i>x</i>", '<b id="round"><div></div></b>')?.querySelector("i"));
    expect(found()).toEqual(["inside", "round"]);
  });

  it.each([
    ["the middle button", { type: "auxclick", button: 1 }],
    ["ctrl", { ctrlKey: true }],
    ["meta and shift", { metaKey: true, shiftKey: true }],
    ["the keyboard, which is a click of no detail", { detail: 0 }],
  ])("counts a click with %s", (_, init) => {
    click('<b id="target">x</b>', init);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it.each([
    ["the right button", { type: "auxclick", button: 2 }],
    ["the button that goes back", { type: "auxclick", button: 3 }],
  ])("counts no click with %s", (_, init) => {
    click('<b id="target">x</b>', init);
    expect(callback).not.toHaveBeenCalled();
  });

  it.each([
    ["outside", '<i id="target">x</i><b>y</b>'],
    ["on an ignored element", '<b id="target" data-tallymark-ignore>x</b>'],
    ["in an ignored part", '<div data-tallymark-ignore><b><i id="target">x</i></b></div>'],
    ["on an ignored part of it", '<b><i id="target" data-tallymark-ignore>x</i></b>'],
  ])("is silent about a click %s", (_, html) => {
    click(html);
    expect(callback).not.toHaveBeenCalled();
  });

  it("is silent in the shadow root of an ignored element", () => {
    clickOn(shadow("<b>x</b>", "<div data-tallymark-ignore></div>")?.querySelector("b"));
    expect(callback).not.toHaveBeenCalled();
  });

  it("is not fooled by a page with a function called matches", () => {
    vi.stubGlobal("matches", () => true);
    click('<b id="target">x</b>');
    click('<i id="target">x</i>');
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it("finds what is round the click for its caller, and hands on the event", () => {
    click('<u id="round"><b><i id="target">x</i></b></u>');
    const [, find, event] = callback.mock.calls[0] ?? [];
    expect(find?.("u")?.id).toBe("round");
    expect(find?.("a")).toBeUndefined();
    expect(event?.type).toBe("click");
  });

  it("comes before a page that stops the event, and stops nothing itself", () => {
    const stopIt = vi.fn((event: Event) => event.stopImmediatePropagation());
    document.addEventListener("click", stopIt, true);
    click('<b id="target">x</b>');
    document.removeEventListener("click", stopIt, true);
    expect(callback).toHaveBeenCalledTimes(1);
    expect(stopIt.mock.calls.map(([{ defaultPrevented }]) => defaultPrevented)).toEqual([false]);
  });

  it("harms nobody where the callback throws", () => {
    const onError = vi.fn();
    addEventListener("error", onError);
    callback.mockImplementation(() => {
      throw new TypeError("Invalid URL");
    });
    expect(() => click('<b id="target">x</b>')).not.toThrow();
    removeEventListener("error", onError);
    expect(onError).not.toHaveBeenCalled();
  });

  it("leaves no listener after its undo", () => {
    stop();
    click('<b id="target">x</b>');
    click('<b id="target">x</b>', { type: "auxclick", button: 1 });
    expect(callback).not.toHaveBeenCalled();
  });
});
