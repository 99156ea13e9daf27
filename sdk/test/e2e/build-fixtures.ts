import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const FIXTURES = fileURLToPath(new URL("./fixtures", import.meta.url));

/**
 * Builds fixture pages, with the SDK's sources, into a folder that a server can serve.
 * @param pages paths of the pages below `fixtures`
 */
export async function buildFixtures(outDir: string, pages: readonly string[] = ["client.html"]): Promise<void> {
  await build({
    root: FIXTURES,
    logLevel: "error",
    resolve: { conditions: ["@tallymark/source"] },
    build: {
      outDir,
      emptyOutDir: true,
      modulePreload: false,
      rollupOptions: { input: pages.map((page) => join(FIXTURES, page)) },
    },
  });
}
