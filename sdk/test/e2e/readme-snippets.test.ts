import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const ROOT = new URL("../../../", import.meta.url);
const readme = read("README.md");

/** Journeys through these pages are tested in `journey.test.ts`; so what the README shows is what has run. */
it.each(["script-tag/index.html", "script-tag/main.js", "npm/main.ts", "react/main.tsx", "consent/main.ts"])(
  "the README quotes examples/%s word for word",
  (path) => {
    const snippets = [...read(`examples/${path}`).matchAll(SNIPPET)].map(([, code = ""]) => asQuoted(code));
    expect(snippets.length).toBeGreaterThan(0);
    for (const snippet of snippets) expect(readme).toContain(snippet);
  },
);

it("the README quotes the stub for early calls, whose text the SDK's own test runs", () => {
  const stub = /<script>.*?<\/script>/s.exec(read("sdk/src/script/stub.ts"))?.[0] ?? "";
  expect(stub).toContain("window.tallymark");
  expect(readme).toContain(stub.replaceAll(/^ \* ?/gm, ""));
});

const SNIPPET = /(?:\/\/ snippet|<!-- snippet)[^\n]*\n(.*?)\n *(?:\/\/ \/snippet|<!-- \/snippet)/gs;

/** Without its indentation and the marks for the browser test, and with an address in place of the build's variable. */
function asQuoted(code: string): string {
  const indent = /^ */.exec(code)?.[0] ?? "";
  return code
    .replaceAll(`\n${indent}`, "\n")
    .slice(indent.length)
    .replaceAll(/ data-testid="[^"]*"/g, "")
    .replaceAll("%VITE_API_BASE_URL%", "https://stats.example.com");
}

function read(path: string): string {
  return readFileSync(new URL(path, ROOT), "utf8");
}
