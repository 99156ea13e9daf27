import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

const PATIENCE_MS = 3000;

/** Waits for a process to end by itself, and ends it where it does not. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  await once(child, "exit");
  clearTimeout(timer);
}
