import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { afterEach, expect, it } from "vitest";
import { BEACON_NAMES } from "../../../src/script/beacon-names.ts";
import { describeInBrowsers } from "../browsers/describe-in-browsers.ts";
import { poll } from "../browsers/poll.ts";
import type { TestBrowser } from "../browsers/test-browser.ts";
import { type Listening, listenOnLoopback } from "../listen-on-loopback.ts";
import { openBeaconLab, type Visit, type VisitOptions } from "../open-beacon-lab.ts";

declare global {
  interface Window {
    violations: string[];
  }
}

const lab = openBeaconLab(
  "script-beacons",
  "script-beacons-strict",
  "script-beacons-unlisted",
  "script-beacons-pinned",
);

const servers: Listening[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** Hands on the collector's script files, changed where it says so, and writes down which were asked for. */
async function serveScripts(change: (path: string, code: string) => string | undefined = (_, code) => code) {
  const paths: string[] = [];
  const server = createServer(async (request, response) => {
    const path = request.url ?? "/";
    paths.push(path);
    const given = await fetch(lab.collector().url + path);
    const code = given.ok ? change(path, await given.text()) : undefined;
    const headers = { "Access-Control-Allow-Origin": "*", "Content-Type": "text/javascript" };
    response.writeHead(code === undefined ? 404 : 200, headers).end(code);
  });
  servers.push(await listenOnLoopback(server));
  return { url: servers.at(-1)?.url ?? "", paths };
}

/** Opens a page whose script tag has these attributes, and waits until the client runs. */
async function open(
  browser: TestBrowser,
  page: string,
  attributes: { readonly [name: string]: string },
  options?: VisitOptions,
): Promise<Visit> {
  const visit = await lab.visit(browser, "left", options);
  await visit.tab.goto(`${visit.address(page)}&${new URLSearchParams(attributes)}`);
  await poll("the client", () => visit.tab.evaluate(() => "getVisitorId" in (window.tallymark ?? {})));
  return visit;
}

/** Names of the events, when there are so many. */
async function namesOf(visit: Visit, atLeast: number): Promise<string[]> {
  await visit.tab.evaluate(() => window.tallymark?.flush?.());
  return (await visit.events(atLeast)).map(({ event }) => event);
}

/** Asks until the visitor's events have this one among them. */
function untilTold(visit: Visit, name: string): Promise<unknown> {
  return poll(name, async () => (await namesOf(visit, 0)).includes(name));
}

/** The files beside the main one that the page has got, or tried to. */
const loadedFiles = ({ tab }: Visit) =>
  tab.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .map(({ name }) => name.replace(/.*\//, ""))
      .filter((name) => /^tallymark-/.test(name)),
  );

const untilLoaded = (visit: Visit, count: number) =>
  poll(`${count} files`, async () => (await loadedFiles(visit)).length >= count);

describeInBrowsers("data-beacons", (browser) => {
  it("captures what each name says", async () => {
    const beacons = BEACON_NAMES.join(" ");
    const options = { expectedComplaints: /thrown on purpose/ };
    const visit = await open(browser(), "script-beacons", { beacons }, options);
    await untilLoaded(visit, 1 + BEACON_NAMES.length);
    const dead = await visit.middleOf("#dead");
    for (let click = 0; click < 3; click++) await visit.tab.click(dead);
    await untilTold(visit, "dead_click");
    await visit.click("#submit");
    await visit.click("#throw");
    await visit.middleOf("#end");
    await untilTold(visit, "not_found");
    await visit.leave();
    const told = new Set((await visit.events(9)).map(({ event }) => event));
    const wanted = ["web_vital", "error", "engagement", "scroll_depth", "form_submit", "rage_click", "dead_click"];
    expect([...wanted, "not_found"].filter((name) => !told.has(name))).toEqual([]);
  });

  it("loads each file once, in the visit, for good, and with its hash", async () => {
    const scripts = await serveScripts();
    const visit = await open(browser(), "script-beacons", { beacons: "forms notfound forms", scripts: scripts.url });
    await untilTold(visit, "not_found");
    expect(scripts.paths.map((path) => path.replace(/[0-9a-f]{8}/, "hash")).sort()).toEqual([
      "/tallymark-beacons.hash.js",
      "/tallymark-forms.hash.js",
      "/tallymark-notfound.hash.js",
      "/tallymark.js",
    ]);
    const tags = await visit.tab.evaluate(() =>
      [...document.querySelectorAll<HTMLScriptElement>("script[integrity]")].map(({ src, integrity, crossOrigin }) => ({
        src,
        integrity,
        crossOrigin,
      })),
    );
    expect(tags).toHaveLength(2);
    for (const { src, integrity, crossOrigin } of tags) {
      const answer = await fetch(src.replace(scripts.url, lab.collector().url));
      expect(answer.headers.get("Cache-Control")).toBe("public, max-age=31536000, immutable");
      expect(integrity).toBe(`sha384-${hashOf(await answer.text())}`);
      expect(crossOrigin).toBe("anonymous");
    }
  });

  it("loads nothing where nothing is asked for", async () => {
    const scripts = await serveScripts();
    const visit = await open(browser(), "script-beacons", { scripts: scripts.url });
    expect(await namesOf(visit, 1)).toEqual(["page_view"]);
    expect(scripts.paths).toEqual(["/tallymark.js"]);
  });

  it("refuses a file that was tampered with, and counts everything else", async () => {
    const scripts = await serveScripts((path, code) => (path.includes("forms") ? `${code};` : code));
    const attributes = { beacons: "forms notfound", scripts: scripts.url };
    const visit = await open(browser(), "script-beacons", attributes, { expectedComplaints: /integrity/i });
    await untilLoaded(visit, 3);
    await visit.click("#submit");
    await untilTold(visit, "not_found");
    expect(await namesOf(visit, 2)).toEqual(["page_view", "not_found"]);
  });

  it.each([
    ["a file", /forms/, ["page_view", "not_found"]],
    ["the loader", /beacons/, ["page_view"]],
  ])("counts everything else, without an error, where %s is not to be had", async (_, missing, names) => {
    const scripts = await serveScripts((path, code) => (missing.test(path) ? undefined : code));
    const attributes = { beacons: "forms notfound", scripts: scripts.url };
    // Firefox holds the hash against an answer of 404 too.
    const visit = await open(browser(), "script-beacons", attributes, { expectedComplaints: /integrity/i });
    await poll("the file", () => scripts.paths.some((path) => missing.test(path)));
    if (names.length > 1) await untilTold(visit, "not_found");
    await visit.click("#submit");
    expect(await namesOf(visit, names.length)).toEqual(names);
  });

  it("loads nothing before the visitor agrees, and stops and starts with the client", async () => {
    const scripts = await serveScripts();
    const attributes = { beacons: "forms", consent: "denied", scripts: scripts.url };
    const visit = await open(browser(), "script-beacons", attributes);
    await visit.click("#submit");
    expect(scripts.paths).toEqual(["/tallymark.js"]);
    await visit.tab.evaluate(() => window.tallymark?.optIn());
    await untilLoaded(visit, 2);
    await visit.click("#submit");
    expect(await namesOf(visit, 2)).toEqual(["page_view", "form_submit"]);

    await visit.tab.evaluate(() => window.tallymark?.optOut());
    await visit.click("#submit");
    await visit.tab.evaluate(() => window.tallymark?.optIn());
    await poll("the next start", () => visit.tab.evaluate(() => new Promise((done) => setTimeout(done, 100, true))));
    await visit.click("#submit");
    expect((await namesOf(visit, 4)).slice(2)).toEqual(["page_view", "form_submit"]);
    expect(scripts.paths).toHaveLength(3);
  });

  it("breaks no rule of a page with nonces and Trusted Types", async () => {
    const visit = await open(browser(), "script-beacons-strict", { beacons: "forms" });
    await untilLoaded(visit, 2);
    await visit.click("#submit");
    expect(await namesOf(visit, 2)).toEqual(["page_view", "form_submit"]);
    expect(await visit.tab.evaluate(() => window.violations)).toEqual([]);
  });

  it("goes without extra beacons where a page allows no such policy", async () => {
    const options = { expectedComplaints: /trusted|policy/i };
    const visit = await open(browser(), "script-beacons-unlisted", { beacons: "forms" }, options);
    const knowsTypes = await visit.tab.evaluate(() => "trustedTypes" in window);
    if (knowsTypes) await poll("a violation", () => visit.tab.evaluate(() => window.violations.length > 0));
    else await untilLoaded(visit, 2);
    await visit.click("#submit");
    const names = knowsTypes ? ["page_view"] : ["page_view", "form_submit"];
    expect(await namesOf(visit, names.length)).toEqual(names);
  });

  it.each([
    ["takes the loader", true],
    ["refuses the loader", false],
  ])("%s as the page's import map pins it", async (_, isRight) => {
    const options = { expectedComplaints: /integrity/i };
    const plain = await open(browser(), "script-beacons", { beacons: "forms" }, options);
    await untilLoaded(plain, 2);
    const loader = `${lab.collector().url}/${(await loadedFiles(plain)).find((name) => name.includes("-beacons."))}`;
    const code = isRight ? await (await fetch(loader)).text() : "another";
    const attributes = { beacons: "forms", loader, hash: `sha384-${hashOf(code)}` };
    const visit = await open(browser(), "script-beacons-pinned", attributes, options);
    if (isRight) await untilLoaded(visit, 2);
    expect(await namesOf(visit, 1)).toEqual(["page_view"]);
    expect((await loadedFiles(visit)).some((name) => name.includes("-forms."))).toBe(isRight);
  });
});

function hashOf(text: string): string {
  return createHash("sha384").update(text).digest("base64");
}
