import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { describe, expect, it } from "vitest";

const DIST = new URL("../../dist/", import.meta.url);

/** Bundles one import statement as an app's production build would. */
async function bundle(statement: string): Promise<string> {
  const entry = "virtual:app";
  const result = await build({
    configFile: false,
    logLevel: "error",
    plugins: [
      {
        name: "app",
        resolveId: (id) => (id === entry ? `\0${entry}` : undefined),
        load: (id) => (id === `\0${entry}` ? statement.replace("sdk/", fileURLToPath(DIST)) : undefined),
      },
    ],
    build: {
      write: false,
      minify: false,
      rollupOptions: { input: entry, external: /^react/, onLog() {}, preserveEntrySignatures: "strict" },
    },
  });
  const { output } = Array.isArray(result) ? (result[0] as never) : (result as { output: unknown });
  return (output as { readonly code?: string }[]).map(({ code }) => code ?? "").join("");
}

describe("the published package", () => {
  it.each(["react.js", "react.cjs"])('says "use client" at the top of %s', (name) => {
    expect(readFileSync(new URL(name, DIST), "utf8")).toMatch(/^("use strict";\s*)?"use client";/);
  });

  it("keeps the developer tools out of a bundle that does not import them", async () => {
    const hooks = await bundle('export { TallymarkProvider, useAutoBeacons, useTrack } from "sdk/react.js"');
    expect(hooks).toContain("/api/metrics/event");
    expect(hooks).not.toMatch(/tallymark-panel|tallymark-badge|tallymark_dev|attachShadow/);

    const panel = await bundle('export { DebugPanel } from "sdk/react.js"');
    expect(panel).toContain("tallymark-panel");
  });

  it("does nothing at all when it is only imported", async () => {
    for (const name of ["index", "beacons", "dev", "react", "protocol"]) {
      const rest = await bundle(`import "sdk/${name}.js"`);
      // React is not ours to leave out.
      expect(rest.replaceAll(/^import "react.*$/gm, "").trim()).toBe("");
    }
  });

  it("can be required and called in Node", () => {
    const require = createRequire(import.meta.url);
    const { createTallymark } = require(fileURLToPath(new URL("index.cjs", DIST)));
    const client = createTallymark({ endpoint: "https://stats.example.com" });
    client.track("nothing");
    expect(client.getVisitorId()).toBe("");
    client.stop();
  });
});
