import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { settings } from "../../src/config/settings.ts";

const ROOT = new URL("../../../", import.meta.url);
const readme = readFileSync(new URL("README.md", ROOT), "utf8");

/** Name → default, as the configuration table gives them. */
const documented = new Map(
  [...readme.matchAll(/^\| (`[A-Z_`, ]+`) \| ([^|]+) \|/gm)].flatMap(([, names = "", defaults = ""]) => {
    const values = defaults.replaceAll("`", "").split(", ");
    return names
      .replaceAll("`", "")
      .split(", ")
      .map((name, index) => [name.trim(), (values[index] ?? values[0] ?? "").trim()] as const);
  }),
);

describe("the README", () => {
  it("documents every setting there is, and no other", () => {
    expect([...documented.keys()].sort()).toEqual(Object.keys(settings.entries).sort());
  });

  it.each(Object.entries(settings.entries).filter(([, setting]) => setting.default !== undefined))(
    "gives the default of %s",
    (name, setting) => {
      expect(documented.get(name)).toBe(setting.default);
    },
  );

  it("links only to files that are there", () => {
    const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path]) => path ?? "");
    expect(links.length).toBeGreaterThan(20);
    expect(links.filter((path) => !existsSync(new URL(path, ROOT)))).toEqual([]);
  });
});
