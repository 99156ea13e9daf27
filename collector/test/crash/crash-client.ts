import { Agent, request } from "node:http";

const BATCH_SIZE = 5;

/** What a client knows when its connections are broken. */
export interface Load {
  /** Ids of events of which a 202 was seen. */
  readonly acknowledged: string[];
  /** Ids of events of which nobody knows: they may be sent again. */
  readonly unanswered: string[];
}

export interface LoadOptions {
  /** Begins the ids. */
  readonly name: string;
  /** Ids to send first: of events that were not acknowledged before. */
  readonly resend: readonly string[];
  readonly connections: number;
  /** Visitor of the events of one connection more, whose ids are not reported. */
  readonly victim: string;
}

/** Sends single events and batches over many connections, as fast as they are answered, until each is broken. */
export async function sendUntilBroken(url: string, { name, resend, connections, victim }: LoadOptions): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections + 1 });
  const load: Load = { acknowledged: [], unanswered: [] };
  const again = [...resend];
  let sent = 0;
  const victimLoad: Load = { acknowledged: [], unanswered: [] };
  await Promise.all([
    ...Array.from({ length: connections }, (_, n) => sendOn(`visitor-${n}`, n % 2 === 0 ? BATCH_SIZE : 1, load)),
    sendOn(victim, 1, victimLoad),
  ]);
  agent.destroy();
  load.unanswered.push(...again);
  return load;

  async function sendOn(visitor: string, size: number, into: Load): Promise<void> {
    for (;;) {
      const ids = into === load ? again.splice(0, size) : [];
      while (ids.length < size) ids.push(`${name}-${sent++}`);
      const events = ids.map((id) => ({ event: "crash_test", visitor_id: visitor, id, page_url: "/x" }));
      const [path, body] = size > 1 ? ["events", { events }] : ["event", events[0]];
      const status = await send(agent, "POST", `${url}/api/metrics/${path}`, body);
      into[status === 202 ? "acknowledged" : "unanswered"].push(...ids);
      if (status === 0) return;
      if (status !== 202) await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** Resolves to the status, or 0 where the connection broke: then nobody knows, and nothing was promised. */
export function send(agent: Agent | undefined, method: string, url: string, body?: unknown): Promise<number> {
  return new Promise((resolve) => {
    const headers = { "content-type": "application/json" };
    const sending = request(url, { method, headers, ...(agent && { agent }) }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode ?? 0));
      answer.on("error", () => resolve(0));
    });
    sending.on("error", () => resolve(0));
    sending.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
