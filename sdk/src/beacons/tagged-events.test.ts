import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { spyClient } from "../../test/spy-client.ts";
import { linkClicks } from "./link-clicks.ts";
import { taggedEvents } from "./tagged-events.ts";

let client: ReturnType<typeof spyClient>;
let stop = (): void => {};
/** Whether the beacon had stopped the browser from doing what the click is for. */
let wasPrevented: boolean[] = [];

// happy-dom would follow a link.
function stayHere(event: Event): void {
  wasPrevented.push(event.defaultPrevented);
  if (!(event.target as Element).closest("label")) event.preventDefault();
}

beforeEach(() => {
  wasPrevented = [];
  client = spyClient();
  stop = taggedEvents()(client);
  for (const type of ["click", "auxclick"]) document.addEventListener(type, stayHere);
});
afterEach(() => {
  stop();
  for (const type of ["click", "auxclick"]) document.removeEventListener(type, stayHere);
});

/** Clicks the element with `id="target"` in a document of `html`; returns what is tracked. */
function click(html: string, { type = "click", ...init }: MouseEventInit & { readonly type?: string } = {}) {
  document.body.innerHTML = html;
  document
    .querySelector("#target")
    ?.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true, composed: true, ...init }));
  return client.tracked();
}

describe("taggedEvents", () => {
  it("tracks the name, with metadata as it is written", () => {
    const html = `<button id="target" class="big" data-tallymark-event="signup" data-tallymark-plan="pro"
      data-tallymark-plan-name="Pro & more" data-tallymark-trial data-other="x">x</button>`;
    expect(click(html)).toEqual([["signup", { plan: "pro", "plan-name": "Pro & more", trial: "" }]]);
  });

  it("takes no attribute whose name only ends like that", () => {
    const html = '<b id="target" data-tallymark-event="a" :data-tallymark-plan="plan" x-data-tallymark-b="c">x</b>';
    expect(click(html)).toEqual([["a", {}]]);
  });

  it("tracks no attribute and no text of other elements", () => {
    const html = `<div data-tallymark-page="secret"><p data-tallymark-event="a"><i id="target" data-tallymark-b="c">x</i></p></div>`;
    expect(click(html)).toEqual([["a", {}]]);
  });

  it.each([
    ["deep inside", '<div data-tallymark-event="a"><p><i id="target">x</i></p></div>'],
    ["on SVG", '<button data-tallymark-event="a"><svg><circle id="target" /></svg></button>'],
    ["on a link without address", '<a id="target" data-tallymark-event="a">x</a>'],
    [
      "in the innermost of several",
      '<p data-tallymark-event="b"><b data-tallymark-event="a"><i id="target">x</i></b></p>',
    ],
  ])("tracks one event for a click %s", (_, html) => {
    expect(click(html)).toEqual([["a", {}]]);
  });

  it("tracks a click in an open shadow root", () => {
    document.body.innerHTML = '<section data-tallymark-event="a"><div></div></section>';
    const root = document.querySelector("div")?.attachShadow({ mode: "open" });
    if (root) root.innerHTML = '<i>x</i><b data-tallymark-event="b">y</b>';
    for (const target of root?.querySelectorAll("i,b") ?? []) {
      target.dispatchEvent(new MouseEvent("click", { bubbles: true, composed: true }));
    }
    expect(client.tracked()).toEqual([
      ["a", {}],
      ["b", {}],
    ]);
  });

  it("tracks the middle button, and not the right one", () => {
    const html = '<a id="target" data-tallymark-event="a" href="/b">x</a>';
    expect(click(html, { type: "auxclick", button: 1 })).toHaveLength(1);
    expect(click(html, { type: "auxclick", button: 2 })).toHaveLength(1);
  });

  it.each([
    ["on the label itself", '<label data-tallymark-event="a"><i id="target">x</i><input type="checkbox"></label>'],
    ["round the label", '<p data-tallymark-event="a"><label><i id="target">x</i><input type="checkbox"></label></p>'],
    [
      "round a label that stands apart",
      '<p data-tallymark-event="a"><label for="it"><i id="target">x</i></label><input id="it" type="checkbox"></p>',
    ],
    ["on the control", '<label><i id="target">x</i><input type="checkbox" data-tallymark-event="a"></label>'],
    [
      "on a label whose control is elsewhere",
      '<label data-tallymark-event="a" for="it" id="target">x</label><input id="it">',
    ],
    ["on a label without control", '<label data-tallymark-event="a" id="target">x</label>'],
    [
      "and the control is clicked itself",
      '<label data-tallymark-event="a"><input id="target" type="checkbox"></label>',
    ],
  ])("tracks one event where it is a label that is clicked, and the tag is %s", (_, html) => {
    expect(click(html)).toEqual([["a", {}]]);
  });

  it.each([
    ["itself", '<b id="target" data-tallymark-event="a" data-tallymark-ignore>x</b>'],
    ["above it", '<p data-tallymark-ignore><b id="target" data-tallymark-event="a">x</b></p>'],
    ["in it", '<p data-tallymark-event="a"><b id="target" data-tallymark-ignore>x</b></p>'],
  ])("tracks nothing where data-tallymark-ignore is %s", (_, html) => {
    expect(click(html)).toEqual([]);
  });

  it("tracks nothing elsewhere, and nothing after stop", () => {
    expect(click('<b id="target">x</b><i data-tallymark-event="a">y</i>')).toEqual([]);
    stop();
    expect(click('<b id="target" data-tallymark-event="a">x</b>')).toEqual([]);
  });

  it("never prevents or repeats the navigation, and flushes nothing in its way", () => {
    click('<a id="target" href="https://a.example" data-tallymark-event="a">x</a>');
    expect(wasPrevented).toEqual([false]);
    expect(client.flush).not.toHaveBeenCalled();
  });

  it("wins over an outbound link, which wins over a download", () => {
    const stopLinks = linkClicks()(client);
    click('<a id="target" href="https://a.example/b.pdf" data-tallymark-event="a">x</a>');
    click('<div data-tallymark-event="b"><a id="target" href="/b.pdf">x</a></div>');
    click('<a id="target" href="https://a.example/b.pdf">x</a>');
    stopLinks();
    expect(client.tracked().map(([name]) => name)).toEqual(["a", "b", "outbound_click"]);
  });
});
