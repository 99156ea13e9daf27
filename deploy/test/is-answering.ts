import { setTimeout as sleep } from "node:timers/promises";

/** Asks once whether a local server answers with a 2xx, and waits a little where it does not. */
export async function isAnswering(port: number, path: string): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(1000) });
    await answer.arrayBuffer();
    if (answer.ok) return true;
  } catch {
    // Not listening yet.
  }
  await sleep(50);
  return false;
}
