import { isIPv6 } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { ErasureAnswer } from "@tallymark/sdk/protocol";
import type { Config } from "../config/read-config.ts";
import type { FolderLockedError } from "../disk/folder-lock.ts";
import { UsageError } from "./usage-error.ts";

const POLL_INTERVAL_MS = 1000;

/** How long the receipt is waited for. */
const WAIT_MS = 600_000;

export interface AskOptions {
  readonly config: Config;
  /** Default: where `HOST` and `PORT` say. */
  readonly url: string | undefined;
  /** Who writes the data folder. */
  readonly holder: FolderLockedError;
}

/** Has the running collector erase a visitor, and waits for the receipt. Rejects with `UsageError`, in a sentence. */
export async function askToForget(id: string, { config, url, holder }: AskOptions): Promise<ErasureAnswer> {
  const base = (url ?? urlOf(config)).replace(/\/+$/, "");
  const who = `process ${holder.pid} on host ${holder.host}`;
  process.stderr.write(`The collector that writes here (${who}) is asked to do it, at ${base}.\n`);
  const deadline = performance.now() + WAIT_MS;
  let answer = await ask("DELETE", `/api/metrics/visitors/${id}`);
  while (answer.status === "running" && performance.now() < deadline) {
    await sleep(POLL_INTERVAL_MS);
    answer = await ask("GET", `/api/metrics/erasures/${answer.receipt}`);
  }
  return answer;

  async function ask(method: string, path: string): Promise<ErasureAnswer> {
    const headers = config.readToken === undefined ? {} : { Authorization: `Bearer ${config.readToken}` };
    const response = await fetch(`${base}${path}`, { method, headers }).catch(() => undefined);
    if (!response) {
      throw new UsageError(
        `The collector that writes to ${config.dataDir} (${who}) does not answer at ${base}. Name its address with --url.`,
      );
    }
    if (response.ok) return readAnswer(response);
    throw new UsageError(sentenceFor(response.status, base));
  }

  async function readAnswer(response: Response): Promise<ErasureAnswer> {
    try {
      const answer: ErasureAnswer = JSON.parse(await response.text());
      if (typeof answer.receipt === "string") return answer;
    } catch {
      // Some page of another program.
    }
    throw new UsageError(`What answers at ${base} is no Tallymark collector. Name its address with --url.`);
  }
}

function sentenceFor(status: number, base: string): string {
  switch (status) {
    case 401:
      return `The collector at ${base} refuses the read token. Set METRICS_READ_TOKEN to the one it was started with.`;
    case 404:
      return `What answers at ${base} cannot erase visitors. Name the collector's own address with --url.`;
    case 429:
    case 503:
      return `The collector at ${base} cannot take that now (${status}). Look at its log and at /readyz, and run this again.`;
    default:
      return `The collector at ${base} answered ${status}. Its log says why.`;
  }
}

/** An address to listen on everywhere is no address to ask at. */
function urlOf({ host, port }: Config): string {
  const reachable = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `http://${isIPv6(reachable) ? `[${reachable}]` : reachable}:${port}`;
}
