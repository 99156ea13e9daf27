import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { ALL_BUNDLERS, bundleApp } from "./bundle-app.ts";

const SDK = fileURLToPath(new URL("../..", import.meta.url));
const ENTRIES = ["", "/beacons", "/plugins", "/dev", "/react", "/protocol"];
/** Not the developer's own script tag: it is for development. */
const modules = (folder: string) =>
  readdirSync(join(SDK, folder)).filter((name) => /\.c?js$/.test(name) && !/^tallymark-(dev|beacons)\./.test(name));
const read = (name: string) => readFileSync(join(SDK, name), "utf8");

/** How each warning of the sources begins. */
const WARNINGS = readdirSync(join(SDK, "src"), { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name) && !name.includes(".test"))
  .flatMap((name) => [...read(join("src", name)).matchAll(/\bwarn\(\s*["'`]([ !#-&(-_a-~]{12,40})/g)])
  .map(([, text = ""]) => text);

/** What only the developer tools have. */
const DEV_TOOLS = /tallymark-(panel|badge)|tallymark_dev|attachShadow/;

describe("the published files", () => {
  it.each(["react.js", "react.cjs", "development/react.js", "development/react.cjs"])(
    'say "use client" at the top of %s',
    (name) => {
      expect(read(`dist/${name}`)).toMatch(/^("use strict";\s*)?"use client";/);
    },
  );

  it.each(["dist", "dist/development"])("have no long names between their files, in %s", (folder) => {
    for (const name of modules(folder)) expect(read(join(folder, name)), name).not.toMatch(/\._[a-z]{2}/);
  });

  it("warn of nothing in production, and need no bundler there", () => {
    expect(WARNINGS.length).toBeGreaterThan(5);
    const text = modules("dist").map((name) => read(join("dist", name)));
    expect(["console.warn", "process.env", ...WARNINGS].filter((part) => text.join().includes(part))).toEqual([]);
  });

  it("have all warnings in development, where a bundler says so", () => {
    const text = modules("dist/development").map((name) => read(join("dist/development", name)));
    expect(["process.env.NODE_ENV", ...WARNINGS].filter((part) => !text.join().includes(part))).toEqual([]);
  });
});

describe.each(ALL_BUNDLERS)("an app bundled by %s", (bundler) => {
  it("takes the files with warnings for development, and the ones without for production", async () => {
    const code = 'export { createTallymark } from "@tallymark/sdk"; console.log(createTallymark);'.replace(
      "export",
      "import",
    );
    expect(await bundleApp(bundler, code, "development")).toContain("this page has started twice");
    expect(await bundleApp(bundler, code)).not.toMatch(/started twice|console\.warn|process\.env/);
  });

  it("does not carry the developer tools where it does not import them, not as a chunk either", async () => {
    const text = await bundleApp(
      bundler,
      `import { createTallymark } from "@tallymark/sdk";
      import { autoBeacons } from "@tallymark/sdk/beacons";
      import { deferredFlush, offlineQueue } from "@tallymark/sdk/plugins";
      import { TallymarkProvider, useAutoBeacons, useTallymark, useTrack } from "@tallymark/sdk/react";
      globalThis.app = [createTallymark, autoBeacons, deferredFlush, offlineQueue,
        TallymarkProvider, useAutoBeacons, useTallymark, useTrack];`,
    );
    expect(text).toContain("/api/metrics/");
    expect(text).not.toMatch(DEV_TOOLS);
  });

  it.each(["@tallymark/sdk/dev", "@tallymark/sdk/react"])(
    "does not carry them where it imports %s in development only, not as a chunk either",
    async (entry) => {
      const code = (guard: string) =>
        `${guard} import("${entry}").then((tools) => { globalThis.tools = tools; }); globalThis.app = 1;`;
      expect(await bundleApp(bundler, code('if (process.env.NODE_ENV !== "production")'))).not.toMatch(DEV_TOOLS);
      expect(await bundleApp(bundler, code(""))).toMatch(DEV_TOOLS);
    },
  );
});

describe("an app that only imports", () => {
  it.each(ENTRIES)("@tallymark/sdk%s carries nothing of it", async (entry) => {
    // By the file, whose package then does not say that it has no side effects.
    const file = join(SDK, "dist", `${entry.slice(1) || "index"}.js`);
    const text = await bundleApp("vite", `import ${JSON.stringify(file)};`);
    // React is not ours to leave out.
    expect(text.replaceAll(/import ?"react[^"]*";?/g, "").trim()).toBe("");
    expect((await bundleApp("esbuild", `import "@tallymark/sdk${entry}";`)).trim()).toBe("");
  });
});

/** Loads every entry, calls what there is, and prints what came back. It would not end with a timer left. */
const CALL_EVERYTHING = `
  const { createRequire } = await import("node:module");
  const require = createRequire(process.cwd() + "/app.js");
  const load = process.argv[1] === "require" ? require : (name) => import(name);
  const names = ${JSON.stringify(ENTRIES.map((entry) => `@tallymark/sdk${entry}`))};
  const [sdk, beacons, plugins, dev, react, protocol] = await Promise.all(names.map(load));
  const { createElement } = await load("react");
  const { renderToString } = await load("react-dom/server");
  globalThis.fetch = () => process.exit(3);

  const endpoint = "https://stats.example.com";
  const { pageViews, linkClicks, autoBeacons } = beacons;
  const all = [pageViews(), linkClicks(), autoBeacons(), plugins.offlineQueue(), plugins.deferredFlush(), dev.devTools({ endpoint })];
  const client = sdk.createTallymark({ endpoint, beacons: all });
  for (const beacon of all) beacon(client)();
  client.track("nothing", { a: 1 });
  client.optIn();
  client.optOut();
  const answers = [await client.sendEvent({ event: "nothing" }), await client.flush(), client.getVisitorId(), await client.forget()];
  client.stop();

  dev.defineDevElements();
  dev.readDevMode(client);
  dev.subscribeToSnapshots({ endpoint }, () => process.exit(4))();

  function App() {
    react.useAutoBeacons();
    react.useTrack()("nothing");
    return react.useTallymark().getVisitorId() + react.useSnapshot().status;
  }
  const html = renderToString(createElement(react.TallymarkProvider, { options: { endpoint } }, createElement(App)));
  process.stdout.write(JSON.stringify([...answers, html, typeof protocol.MAX_BATCH_EVENTS]));
`;

it.each(["import", "require"])("every entry and method is harmless in Node, by %s", async (how) => {
  const args = ["--input-type=module", "--eval", CALL_EVERYTHING, how];
  const run = await promisify(execFile)(process.execPath, args, { cwd: SDK, timeout: 20_000 });
  expect(run).toEqual({
    stdout: JSON.stringify([{ ok: false, error: "network" }, null, "", false, "loading", "number"]),
    stderr: "",
  });
});
