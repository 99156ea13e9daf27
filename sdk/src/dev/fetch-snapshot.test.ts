import { afterEach, describe, expect, it, vi } from "vitest";
import { recentEvent, snapshotOf, stubCollector } from "../../test/dev-fixtures.ts";
import { fetchSnapshot } from "./fetch-snapshot.ts";

const endpoint = "https://stats.example.com";

function answer(body: unknown, status = 200): void {
  vi.stubGlobal("fetch", async () => Response.json(body, { status }));
}

afterEach(() => vi.unstubAllGlobals());

describe("fetchSnapshot", () => {
  it("resolves to what the ring holds", async () => {
    const snapshot = snapshotOf(recentEvent());
    const { fetch } = stubCollector({ snapshot });
    await expect(fetchSnapshot({ endpoint: `${endpoint}/stats/`, limit: 5 })).resolves.toEqual(snapshot);
    expect(fetch.mock.calls[0]?.[0]).toBe(`${endpoint}/stats/api/metrics/behavior?limit=5`);
  });

  it("sends the token as a bearer, and no header without one, so that no preflight is needed", async () => {
    const { fetch } = stubCollector();
    await fetchSnapshot({ endpoint, token: "s3cret" });
    await fetchSnapshot({ endpoint });
    expect(fetch.mock.calls[0]?.[1]?.headers).toEqual({ Authorization: "Bearer s3cret" });
    expect(fetch.mock.calls[1]?.[1]?.headers).toEqual({});
  });

  it.each([
    [401, /asks for its read token: pass the read token/],
    [403, /add http:\/\/localhost:3000 to its ALLOWED_ORIGINS/],
    [404, /check that `endpoint` is the collector's address/],
    [429, /raise `intervalMs`/],
    [500, /answered 500: look into its log/],
  ])("names what happened and the fix on %d", async (status, message) => {
    answer({ ok: false, error: "internal" }, status);
    await expect(fetchSnapshot({ endpoint })).rejects.toThrow(message);
  });

  it("tells a wrong token from a missing one, and never shows it", async () => {
    answer({ ok: false, error: "unauthorized" }, 401);
    const error = await fetchSnapshot({ endpoint, token: "s3cret" }).catch((reason: Error) => reason);
    expect(error).toHaveProperty("message", expect.stringContaining("does not know this read token"));
    expect(error).not.toHaveProperty("message", expect.stringContaining("s3cret"));
  });

  it("asks for the collector and for ALLOWED_ORIGINS when nobody answers", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    await expect(fetchSnapshot({ endpoint: "http://127.0.0.1:8787?key=1" })).rejects.toThrow(
      "The Tallymark collector at http://127.0.0.1:8787 did not answer: is it running there, and is http://localhost:3000 in its ALLOWED_ORIGINS?",
    );
  });

  it.each([
    ["a page", undefined],
    ["null", null],
    ["other JSON", { total: 1 }],
    ["a list of nothing", { total: 1, by_event: [null], last_events: [] }],
  ])("rejects %s in place of a snapshot", async (_, body) => {
    vi.stubGlobal("fetch", async () => (body === undefined ? new Response("<!doctype html>") : Response.json(body)));
    await expect(fetchSnapshot({ endpoint })).rejects.toThrow(/gave no answer of a collector \(HTTP 200\)/);
  });

  it("rejects with the signal's reason once aborted", async () => {
    stubCollector();
    const reason = new Error("enough");
    await expect(fetchSnapshot({ endpoint, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
