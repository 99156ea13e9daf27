import { fileURLToPath } from "node:url";
import { defaultClientConditions, defineConfig } from "vite";
import { pageFallback } from "./start/page-fallback.ts";

const PAGES = ["demo", "script-tag", "npm", "react", "consent"];

process.env.VITE_API_BASE_URL ??= "http://127.0.0.1:8787";

/** While developing, the SDK is read from its sources; a build takes its published files, as an app would. */
export default defineConfig(({ command }) => ({
  root: fileURLToPath(new URL(".", import.meta.url)),
  appType: "mpa",
  plugins: [pageFallback(PAGES)],
  resolve: {
    conditions: [...(command === "serve" ? ["@tallymark/source"] : []), ...defaultClientConditions],
    dedupe: ["react", "react-dom"],
  },
  server: { host: "127.0.0.1", warmup: { clientFiles: ["./demo/main.tsx"] } },
  // Found by itself only at the first visit, which would then load the page twice, and count it twice.
  optimizeDeps: { include: ["react", "react-dom/client", "react/jsx-runtime", "react/jsx-dev-runtime"] },
  build: {
    rollupOptions: {
      input: Object.fromEntries(
        PAGES.map((page) => [page, fileURLToPath(new URL(`${page}/index.html`, import.meta.url))]),
      ),
    },
  },
}));
