import { Agent, request } from "node:http";
import { expect, onTestFinished } from "vitest";
import { type CollectorProcessOptions, startCollector } from "../collector-process.ts";
import { readDataFolder } from "../read-data-folder.ts";

interface ClientAnswer {
  /** 0 where the connection broke. */
  readonly status: number;
  readonly headers: { readonly [name: string]: unknown };
  readonly json: { readonly [key: string]: unknown };
}

/** A collector in a process of its own and a client of it; both are gone when the test is over, however it ends. */
export async function startRecorded(
  env: { readonly [name: string]: string },
  { bytesPerEvent, ...options }: CollectorProcessOptions & { readonly bytesPerEvent?: number } = {},
) {
  const collector = await startCollector(env, options);
  const client = createRecordingClient(collector.url, bytesPerEvent);
  onTestFinished(() => {
    client.close();
    collector.process.kill("SIGKILL");
  });
  return { collector, client };
}

/** A client on one connection that remembers every event it was promised. */
function createRecordingClient(url: string, bytesPerEvent = 0) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const acknowledged: string[] = [];
  let sent = 0;

  return {
    acknowledged,

    /** Posts an event no one has posted before, or the one of that id again. */
    async post(id = `event-${sent++}`): Promise<ClientAnswer> {
      const body = { event: "fault_test", visitor_id: "v", id, metadata: { filler: "x".repeat(bytesPerEvent) } };
      const answer = await exchange("POST", "/api/metrics/event", JSON.stringify(body));
      if (answer.status === 202 && answer.json.stored === 1) acknowledged.push(id);
      return answer;
    },

    /** Posts until an answer has this status, at most so many times; resolves to that answer. */
    async postUntil(status: number, attempts = 2000): Promise<ClientAnswer> {
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        const answer = await this.post();
        if (answer.status === status) return answer;
        if (status === 202) await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error(`No answer had the status ${status}.`);
    },

    get: (path: string) => exchange("GET", path),
    health: () => exchange("GET", "/api/metrics/health"),
    close: () => agent.destroy(),
  };

  function exchange(method: string, path: string, body?: string): Promise<ClientAnswer> {
    return new Promise((resolve) => {
      const asking = request(`${url}${path}`, { method, agent, headers: { "content-type": "application/json" } });
      asking.on("response", (answer) => {
        let text = "";
        answer.on("data", (chunk) => (text += chunk));
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, json: parse(text) }));
      });
      asking.on("error", () => resolve({ status: 0, headers: {}, json: {} }));
      asking.end(body);
    });
  }
}

function parse(text: string): { readonly [key: string]: unknown } {
  return text.startsWith("{") ? JSON.parse(text) : { text };
}

/** Every event that was promised is there exactly once, and nothing twice; a torn line does not parse. */
export function expectConserved(dataDir: string, acknowledged: readonly string[]): void {
  const stored = readDataFolder(dataDir).map(({ id }) => id);
  const found = new Set(stored);
  expect(acknowledged.filter((id) => !found.has(id))).toEqual([]);
  expect(stored.length).toBe(found.size);
  expect(acknowledged.length).toBeGreaterThan(0);
}
