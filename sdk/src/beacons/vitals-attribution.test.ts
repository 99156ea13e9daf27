import { beforeEach, describe, expect, it, vi } from "vitest";
import { onLCP } from "web-vitals/attribution/onLCP.js";
import type { GenerateTarget, Vital } from "./lib/vitals-source.ts";

// happy-dom measures nothing. What the library does in a browser is tested there.
vi.mock("web-vitals/attribution/onCLS.js", () => ({ onCLS: vi.fn() }));
vi.mock("web-vitals/attribution/onFCP.js", () => ({ onFCP: vi.fn() }));
vi.mock("web-vitals/attribution/onINP.js", () => ({ onINP: vi.fn() }));
vi.mock("web-vitals/attribution/onLCP.js", () => ({ onLCP: vi.fn() }));
vi.mock("web-vitals/attribution/onTTFB.js", () => ({ onTTFB: vi.fn() }));

/** Starts a library that has never been started. @returns what it calls, as it does */
async function open(target?: (element: Element) => string | undefined) {
  vi.mocked(onLCP).mockReset();
  vi.resetModules();
  const { vitalsAttribution } = await import("./vitals-attribution.ts");
  const reported: unknown[] = [];
  vitalsAttribution(({ attribution }) => reported.push(attribution), target);
  const [report, { generateTarget }] = vi.mocked(onLCP).mock.calls[0] as unknown as [
    (vital: Partial<Vital>) => void,
    { readonly generateTarget: GenerateTarget },
  ];
  /** What is said of a number with this attribution of the library's. */
  const tidied = (attribution: object): unknown => {
    report({ name: "LCP", attribution });
    return reported.pop();
  };
  /** What is said of an element, as long as the library asks for its name. */
  const named = (node: Node | null | undefined): unknown => tidied({ target: generateTarget(node ?? null) });
  return { tidied, named };
}

beforeEach(() => {
  document.body.innerHTML =
    '<main id="secret" class="secret"><p title="secret">secret<b id="target">secret</b></p>' +
    "<section data-tallymark-ignore><i>secret</i><div></div></section></main>";
});

describe("vitalsAttribution", () => {
  it("says numbers, addresses without what is private, and the library's words, in our spelling", async () => {
    const { tidied } = await open();
    expect(
      tidied({
        url: "https://user:secret@cdn.example/hero.jpg?token=secret#part",
        timeToFirstByte: 29.700000002980232,
        firstByteToFCP: 12,
        loadState: "dom-content-loaded",
        interactionType: "pointer",
      }),
    ).toEqual({
      url: "https://cdn.example/hero.jpg",
      time_to_first_byte: 29.7,
      first_byte_to_fcp: 12,
      load_state: "dom_content_loaded",
      interaction_type: "pointer",
    });
  });

  it("leaves out entries, lists, an image that is in its own address, and what is undefined", async () => {
    const { tidied } = await open();
    expect(
      tidied({
        url: "data:image/png;base64,secret",
        lcpEntry: { id: "secret" },
        processedEventEntries: [{ name: "secret" }],
        target: undefined,
      }),
    ).toEqual({});
  });

  it("says where the longest script is from, when it ran and how long, not what called it", async () => {
    const { tidied } = await open();
    const entry = { sourceURL: "https://cdn.example/app.js?v=1", invoker: "BUTTON#secret.onclick", duration: 200 };
    expect(tidied({ longestScript: { entry, subpart: "processing-duration", intersectingDuration: 99.96 } })).toEqual({
      longest_script_url: "https://cdn.example/app.js",
      longest_script_subpart: "processing_duration",
      longest_script_duration: 99.96,
    });
  });

  it("names an element by its tags, and a text by the element round it", async () => {
    const { named } = await open();
    const target = document.querySelector("#target");
    expect(named(target)).toEqual({ target: "body>main>p>b" });
    expect(named(target?.firstChild)).toEqual({ target: "body>main>p>b" });
  });

  it("keeps the name of an element that is gone", async () => {
    const { named } = await open();
    const target = document.querySelector("#target");
    document.body.innerHTML = "";
    expect(named(target)).toEqual({ target: "main>p>b" });
  });

  it.each(["#secret", "main#secret>p.secret", "div"])(
    "drops the name %s, which the library or the browser has found by itself",
    async (target) => {
      const { tidied } = await open();
      expect(tidied({ target, interactionTarget: target, largestShiftTarget: target })).toEqual({});
    },
  );

  it("is silent about what is ignored, also in a shadow root, and does not ask how to name it", async () => {
    const target = vi.fn(() => "secret");
    const { named } = await open(target);
    const host = document.querySelector("section div");
    const root = host?.attachShadow({ mode: "open" });
    root?.append(document.createElement("u"));
    expect(named(document.querySelector("section"))).toEqual({});
    expect(named(document.querySelector("section i"))).toEqual({});
    expect(named(root?.querySelector("u"))).toEqual({});
    expect(target).not.toHaveBeenCalled();
  });

  it("takes the developer's name of an element, and says nothing for none", async () => {
    const { named } = await open(({ id }) => id || undefined);
    expect(named(document.querySelector("#target"))).toEqual({ target: "target" });
    expect(named(document.querySelector("p"))).toEqual({});
    expect(named(null)).toEqual({});
  });
});
