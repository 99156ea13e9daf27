import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const FIXTURES = fileURLToPath(new URL("./fixtures", import.meta.url));

/** Builds the fixture pages, with the SDK's sources, into a folder that a server can serve. */
export async function buildFixtures(outDir: string): Promise<void> {
  await build({
    root: FIXTURES,
    logLevel: "error",
    resolve: { conditions: ["@tallymark/source"] },
    build: { outDir, emptyOutDir: true, modulePreload: false, rollupOptions: { input: join(FIXTURES, "client.html") } },
  });
}
