import { afterEach, describe, expect, it, vi } from "vitest";
import { HEALTHY, stubCollector } from "../../test/dev-fixtures.ts";
import { fetchHealth } from "./fetch-health.ts";

afterEach(() => vi.unstubAllGlobals());

describe("fetchHealth", () => {
  it("resolves to the collector's health", async () => {
    const { fetch } = stubCollector();
    await expect(fetchHealth({ endpoint: "" })).resolves.toEqual(HEALTHY);
    expect(fetch.mock.calls[0]?.[0]).toBe("/api/metrics/health");
  });

  it("takes a 503 with a body for a health", async () => {
    const degraded = { ...HEALTHY, status: "degraded", reason: "the disk is full" };
    vi.stubGlobal("fetch", async () => Response.json(degraded, { status: 503 }));
    await expect(fetchHealth({ endpoint: "" })).resolves.toEqual(degraded);
  });

  it("does not take a proxy's 503 for a health", async () => {
    vi.stubGlobal("fetch", async () => new Response("<h1>Service Unavailable</h1>", { status: 503 }));
    await expect(fetchHealth({ endpoint: "" })).rejects.toThrow(
      "The Tallymark collector at http://localhost:3000 answered 503: look into its log.",
    );
  });
});
