import { beforeAll, expect, it } from "vitest";
import { describeInBrowsers } from "../browsers/describe-in-browsers.ts";
import { poll } from "../browsers/poll.ts";
import type { Tab } from "../browsers/test-browser.ts";
import { answer } from "../faulty-proxy.ts";
import { names } from "../names.ts";
import { openFaultLab, type Trial } from "../open-fault-lab.ts";

declare global {
  interface Window {
    violations: string[];
  }
}

const lab = openFaultLab();

// From the page's own origin, as behind an edge: a strict policy allows no other.
beforeAll(async () => {
  for (const name of ["tallymark.js", "tallymark-dev.js"]) {
    lab.writeFile(name, await (await fetch(`${lab.collector().url}/${name}`)).text());
  }
  lab.writeFile(
    "violations.js",
    `window.violations = [];
     addEventListener("securitypolicyviolation", ({ violatedDirective, sample }) =>
       violations.push(violatedDirective + " " + sample));`,
  );
});

/** A page with the script tag, and what else stands in its head. */
async function openScriptPage({ profile, proxy, name }: Trial, head = "", query = ""): Promise<Tab> {
  const tag = `<script defer src="/tallymark.js" data-endpoint="${proxy.url}" data-site="${name}"></script>`;
  const page = `<!doctype html><head><title>Shop</title><link rel="icon" href="data:,">${head}${tag}</head>
    <body><a id="next" href="#next">Next</a></body>`;
  lab.writeFile(`${name}.html`, page);
  const tab = await profile.open(`${lab.site().url}/${name}.html${query}`);
  await poll("the script to run", () => tab.evaluate(() => "getVisitorId" in (window.tallymark ?? {})));
  return tab;
}

const STRICT = `<meta http-equiv="Content-Security-Policy"
  content="script-src 'self'; require-trusted-types-for 'script'"><script src="/violations.js"></script>`;

describeInBrowsers("the script tag", (browser) => {
  it("delivers one event of 70 KB, and says that it is cut", async () => {
    const trial = await lab.begin(browser());
    const tab = await openScriptPage(trial);
    await tab.evaluate(() => {
      window.tallymark?.track("huge", { text: "x".repeat(70_000) });
      return window.tallymark?.flush();
    });
    const stored = await trial.conserves(["page_view", "huge"]);
    expect(stored.find(({ event }) => event === "huge")?.metadata).toEqual({
      text: expect.stringMatching(/^x{2000}…$/),
    });
    expect(trial.proxy.lost()).toEqual({});
  });

  it("delivers four events of 30 KB", async () => {
    const trial = await lab.begin(browser());
    const tab = await openScriptPage(trial);
    await tab.evaluate(() => {
      for (let i = 0; i < 4; i++) window.tallymark?.track(`large_${i}`, { text: "x".repeat(30_000) });
      return window.tallymark?.flush();
    });
    await trial.conserves(["page_view", ...names("large", 4)]);
    expect(trial.proxy.lost()).toEqual({});
  });

  it("sends again within 8 s after one 503", async () => {
    const trial = await lab.begin(browser());
    trial.proxy.next(answer(503));
    await openScriptPage(trial);
    await trial.conserves(["page_view"], 8000);
  });

  it("counts one page view where the getters of Web storage throw", async () => {
    const trial = await lab.begin(browser());
    const block = `<script>for (const name of ["localStorage", "sessionStorage"])
      Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError") } })</script>`;
    const tab = await openScriptPage(trial, block);
    await tab.evaluate(() => window.tallymark?.flush());
    await trial.conserves(["page_view"]);
  });

  it.each([
    ["alone", false],
    ["with the developer tools", true],
  ])("%s breaks no rule of a strict policy", async (_, isDev) => {
    const trial = await lab.begin(browser());
    const dev = `<script defer src="/tallymark-dev.js" data-endpoint="${lab.collector().url}"></script>`;
    const tab = await openScriptPage(trial, STRICT + (isDev ? dev : ""), isDev ? "?dev=1" : "");
    // A view that moves on by itself at once is a redirect.
    await new Promise((resolve) => setTimeout(resolve, 200));
    await tab.evaluate(() => {
      history.pushState({}, "", "/elsewhere");
      // Firefox may follow the link from the address before `pushState`, which loads the page again.
      addEventListener("click", (event) => event.preventDefault());
      document.querySelector<HTMLElement>("#next")?.click();
      window.tallymark?.track("signup", { plan: "pro" });
      return window.tallymark?.flush();
    });
    if (isDev) await poll("the badge", () => tab.evaluate(() => document.querySelector("tallymark-badge") !== null));
    await trial.conserves(["page_view", "page_view", "signup", ...(isDev ? ["dev_mode_enabled"] : [])]);
    expect(await tab.evaluate(() => window.violations)).toEqual([]);
  });
});
