import type { Server } from "node:http";
import type { Collector } from "../create-collector.ts";
import type { Logger } from "../observe/logger.ts";

/** How long open requests may take to finish; then their connections are cut. */
const DRAIN_TIMEOUT_MS = 4000;

const SWEEP_INTERVAL_MS = 50;

/**
 * Waits for SIGTERM or SIGINT, then drains: no new connection, open requests are answered, everything accepted is on the
 * disk. A second signal ends the process at once; what was acknowledged is safe even then.
 */
export async function stopOnSignals(server: Server, collector: Collector, logger: Logger): Promise<void> {
  const signal = await nextSignal();
  logger.info({ signal }, "draining");
  void nextSignal().then(() => process.exit(1));

  collector.drain();
  const cutOff = setTimeout(() => server.closeAllConnections(), DRAIN_TIMEOUT_MS);
  // `close` ends the connections that are idle now; those that answer a request first would idle on for their keep-alive.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_INTERVAL_MS);
  await new Promise((resolve) => server.close(resolve));
  clearInterval(sweep);
  clearTimeout(cutOff);
  await collector.close();
  logger.info("stopped");
}

function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const onSignal = (signal: NodeJS.Signals) => {
      process.off("SIGTERM", onSignal);
      process.off("SIGINT", onSignal);
      resolve(signal);
    };
    process.on("SIGTERM", onSignal);
    process.on("SIGINT", onSignal);
  });
}
