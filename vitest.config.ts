import { defineConfig } from "vitest/config";

// The source condition makes every workspace import resolve to TypeScript sources: no build before a test.
const conditions = ["@tallymark/source"];
const resolve = { conditions };
const ssr = { resolve: { conditions } };

export default defineConfig({
  test: {
    // Process and browser tests start programs of their own: more workers than two only make them wait for each other.
    maxWorkers: 2,
    projects: [
      {
        resolve,
        ssr,
        test: {
          name: "sdk",
          root: "sdk",
          environment: "happy-dom",
          include: ["{bench,build,src}/**/*.test.{ts,tsx}"],
          setupFiles: ["./test/setup.ts"],
          typecheck: { enabled: true, include: ["src/**/*.test-d.ts"], tsconfig: "./tsconfig.json" },
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: "collector",
          root: "collector",
          environment: "node",
          include: ["{bench,src,test}/**/*.test.ts"],
          testTimeout: 60_000,
          typecheck: { enabled: true, include: ["{src,test}/**/*.test-d.ts"], tsconfig: "./tsconfig.json" },
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: "e2e",
          root: "sdk",
          environment: "node",
          include: ["test/e2e/**/*.test.ts"],
          testTimeout: 60_000,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: "deploy",
          root: "deploy",
          environment: "node",
          include: ["test/**/*.test.ts"],
          testTimeout: 60_000,
        },
      },
    ],
  },
});
