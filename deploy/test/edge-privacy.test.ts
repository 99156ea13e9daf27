import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findNginx } from "./find-nginx.ts";
import { send } from "./send.ts";
import { type RunningCollector, startCollector } from "./start-collector.ts";
import { type Edge, startEdge } from "./start-edge.ts";

const nginx = findNginx();
const ORIGIN = "http://localhost:3000";

/** Full address of each client of this suite: loopback, claimed by a stranger, and reported by a trusted proxy. */
const ADDRESSES = ["127.0.5.9", "127.0.5.8", "203.0.113.77", "2001:db8:1:2:3:4:5:6"];
const AGENT = "Mozilla/5.0 (X11; Linux x86_64) AGENTMARK/7.5.3";

describe.skipIf(!nginx)("what edge and collector write down", () => {
  let collector: RunningCollector;
  let plain: Edge;
  let behindProxy: Edge;
  let written: string;
  let lines: readonly Readonly<Record<string, unknown>>[];

  beforeAll(async () => {
    collector = await startCollector();
    const upstream = `127.0.0.1:${collector.port}`;
    const realIp = "set_real_ip_from 127.0.0.0/8; real_ip_header X-Forwarded-For;";
    plain = await startEdge(nginx ?? "", { upstream });
    behindProxy = await startEdge(nginx ?? "", { upstream, realIp });

    await visit(plain, "203.0.113.77");
    await visit(behindProxy, "2001:db8:1:2:3:4:5:6");
    await collector.stop();
    // A neighbour, whose budget is not spent.
    await post(plain, "/api/metrics/event?secret=QUERYMARK", "203.0.113.77", { from: "127.0.5.8" });

    await Promise.all([plain.stop(), behindProxy.stop()]);
    lines = [...plain.accessLog(), ...behindProxy.accessLog()].map((line) => JSON.parse(line));
    written = [
      ...Object.values(plain.logs()),
      ...Object.values(behindProxy.logs()),
      collector.log(),
      collector.data(),
    ].join("\n");
  }, 60_000);

  afterAll(async () => {
    await Promise.all([plain?.stop(), behindProxy?.stop()]);
    await collector?.remove();
  });

  it("writes one line of JSON for each request, refused ones included", () => {
    const statuses = new Set(lines.map(({ status }) => status));
    expect(lines).toHaveLength(2 * REQUESTS_OF_A_VISIT + 1);
    for (const status of [202, 204, 401, 404, 413, 429, 503]) expect(statuses).toContain(status);
    for (const line of lines) {
      expect(Object.keys(line)).toEqual([
        "ts",
        "method",
        "path",
        "status",
        "sent_bytes",
        "request_bytes",
        "request_seconds",
        "upstream_status",
        "upstream_seconds",
        "limit",
        "network",
        "request_id",
      ]);
      expect(line.request_seconds).toBeTypeOf("number");
      expect(line.request_id).toMatch(/^[0-9a-f]{32}$/);
    }
  });

  it("names the network, never the address", () => {
    expect(new Set(lines.map(({ network }) => network))).toEqual(new Set(["127.0.5.0", "2001:db8:1::"]));
    for (const address of ADDRESSES) expect(written).not.toContain(address);
  });

  it("keeps no query string, user agent or cookie, and of paths only the ones it knows", () => {
    expect(written).not.toMatch(/QUERYMARK|AGENTMARK|COOKIEMARK|PATHMARK/);
    expect(new Set(lines.map(({ path }) => path))).toEqual(
      new Set(["/api/metrics/event", "/api/metrics/behavior", "/api/metrics/visitors/:id", "/tallymark.js", "other"]),
    );
  });

  it("says who limited what, and what the collector had answered", () => {
    const limited = lines.filter(({ status }) => status === 429);
    expect(limited.length).toBeGreaterThan(0);
    for (const line of limited) expect(line).toMatchObject({ limit: "REJECTED", upstream_status: "" });
    expect(lines.find(({ status }) => status === 503)).toMatchObject({ limit: "PASSED", upstream_status: "502" });
    expect(lines.find(({ status }) => status === 202)).toMatchObject({ limit: "PASSED", upstream_status: "202" });
  });

  it("writes no other log about requests", () => {
    for (const edge of [plain, behindProxy]) {
      expect(edge.logs()["main-access.log"]).toBe("");
      expect(edge.logs()["error.log"]).toBe("");
    }
  });

  it("carries one request id from the edge's log into the collector's", () => {
    const refused = lines.find(({ status }) => status === 401);
    expect(collector.log()).toContain(`"request_id":"${refused?.request_id}"`);
  });
});

const BURST = 30;
const PATHS = [
  "/api/metrics/behavior?token=QUERYMARK",
  "/api/metrics/visitors/PATHMARK?x=QUERYMARK",
  "/tallymark.js?v=QUERYMARK",
  '/PATHMARK"quoted\\back?QUERYMARK',
  "/PATHMARK%00%0a%ff%e2%80%a8",
  "/PATHMARK\u00ff",
];
const REQUESTS_OF_A_VISIT = BURST + 2 + PATHS.length;

/** Everything a browser or a stranger may do, with marks wherever something personal could be. */
async function visit(edge: Edge, claimed: string): Promise<void> {
  const secret = "?secret=QUERYMARK";
  await post(edge, `/api/metrics/event${secret}`, claimed, { body: "x".repeat(70_000) });
  await send(edge, `/api/metrics/event${secret}`, {
    method: "OPTIONS",
    headers: { ...headersOf(claimed), "Access-Control-Request-Method": "POST" },
    from: "127.0.5.9",
  });
  await Promise.all(Array.from({ length: BURST }, () => post(edge, `/api/metrics/event${secret}`, claimed)));
  for (const path of PATHS) await send(edge, path, { headers: headersOf(claimed), from: "127.0.5.9" });
}

function post(edge: Edge, path: string, claimed: string, options: { body?: string; from?: string } = {}) {
  const event = {
    event: "page_view",
    url: "http://localhost:3000/page?token=QUERYMARK",
    referrer: "http://localhost:3000/from?token=QUERYMARK",
  };
  const headers = { ...headersOf(claimed), "Content-Type": "application/json" };
  return send(edge, path, { method: "POST", body: JSON.stringify(event), headers, from: "127.0.5.9", ...options });
}

function headersOf(claimed: string): Record<string, string> {
  return {
    Origin: ORIGIN,
    "X-Forwarded-For": claimed,
    "X-Real-IP": claimed,
    "User-Agent": AGENT,
    Cookie: "id=COOKIEMARK",
    Referer: "http://localhost:3000/PATHMARK?QUERYMARK",
  };
}
