import { existsSync, readFileSync } from "node:fs";
import type { StoredEvent, WireEvent } from "@tallymark/sdk/protocol";
import { describe, expect, it } from "vitest";
import { WIRE_EVENT_KEYS } from "../../src/ingest/schema.ts";

const ROOT = new URL("../../../", import.meta.url);
const page = readFileSync(new URL("PRIVACY.md", ROOT), "utf8");

/** What the collector adds to the fields of the wire; the type makes the list complete. */
const ADDED = { received_at: true, device: true } satisfies {
  [Key in Exclude<keyof StoredEvent, keyof WireEvent>]: true;
};

describe("PRIVACY.md", () => {
  it("lists exactly the fields that are stored", () => {
    const listed = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, field]) => field);
    expect(listed.sort()).toEqual([...WIRE_EVENT_KEYS, ...Object.keys(ADDED)].sort());
  });

  it("links only to files that are there", () => {
    const links = [...page.matchAll(/\]\(([^)#]+)\)/g)].map(([, path]) => path ?? "");
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((path) => !existsSync(new URL(path, ROOT)))).toEqual([]);
  });
});
