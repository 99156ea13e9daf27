import { vi } from "vitest";
import type { Batch, WireEvent } from "../src/protocol/index.ts";

/** A request the page has made. */
export interface SentRequest {
  readonly url: string;
  readonly init: RequestInit;
  readonly body: Batch & WireEvent;
}

/** How the collector answers one request: a status, or a function for anything else. */
export type Answer = number | (() => Response | Promise<Response>);

/** Stands in for the collector behind `fetch`: keeps what it is sent, answers from `answers` in order, and then with 202. */
export function fakeCollector(...answers: Answer[]) {
  const requests: SentRequest[] = [];
  const fetch = vi.fn(async (url: string, init: RequestInit): Promise<Response> => {
    requests.push({ url, init, body: JSON.parse(String(init.body)) });
    const answer = answers.shift() ?? 202;
    return typeof answer === "number" ? Response.json({ ok: answer < 300 }, { status: answer }) : answer();
  });
  vi.stubGlobal("fetch", fetch);
  return {
    requests,
    answers,
    /** Names of the events of each batch. */
    batches: () => requests.map(({ body }) => body.events?.map(({ event }) => event)),
    /** All events of all batches, in the order they arrived. */
    events: (): WireEvent[] => requests.flatMap(({ body }) => body.events ?? []),
  };
}

/** An answer that comes when the test says so, to as many requests as are given it. */
export function heldAnswer() {
  let answer: (response: Response) => void = () => {};
  const response = new Promise<Response>((resolve) => {
    answer = resolve;
  });
  return {
    hold: async () => (await response).clone(),
    release: (status: number) => answer(new Response("{}", { status })),
  };
}

/** A network that is down. */
export function offline(): Promise<Response> {
  return Promise.reject(new TypeError("Failed to fetch"));
}

/** Makes the document hidden or visible, and says so to the page. */
export function setVisibility(state: "hidden" | "visible"): void {
  Object.defineProperty(document, "visibilityState", { configurable: true, value: state });
  Object.defineProperty(document, "hidden", { configurable: true, value: state === "hidden" });
  document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
}
