import { Counter, type Registry } from "prom-client";

/** Adds to the requests that were answered so. */
export type CountAnswers = (method: string, route: string, status: number, count: number) => void;

/** Requests by method, route and status: plain numbers until Prometheus asks, as in `metrics.ts`. */
export function createAnsweredRequests(registers: Registry[]): CountAnswers {
  const answered = new Map<string, Map<string, Map<number, number>>>();
  new Counter({
    name: "http_requests_total",
    help: "Requests answered.",
    labelNames: ["method", "route", "status"],
    registers,
    collect() {
      this.reset();
      for (const [method, byRoute] of answered) {
        for (const [route, byStatus] of byRoute) {
          for (const [status, count] of byStatus) this.inc({ method, route, status }, count);
        }
      }
    },
  });

  return function countAnswers(method, route, status, count) {
    const byStatus = branch(branch(answered, method), route);
    byStatus.set(status, (byStatus.get(status) ?? 0) + count);
  };
}

function branch<Key, Value>(tree: Map<string, Map<Key, Value>>, name: string): Map<Key, Value> {
  const found = tree.get(name);
  if (found) return found;
  const grown = new Map<Key, Value>();
  tree.set(name, grown);
  return grown;
}
