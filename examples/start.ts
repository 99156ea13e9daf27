/**
 * `npx pnpm start`: builds the script tag's files where they are missing or old, starts the collector and the demo site,
 * and says where they are. Ctrl-C stops both; the collector writes what it has accepted before it ends.
 * @module
 */
import { buildScripts } from "./start/build-scripts.ts";
import { choosePort } from "./start/choose-port.ts";
import { say } from "./start/say.ts";
import { startCollector } from "./start/start-collector.ts";
import { StartError } from "./start/start-error.ts";
import { startSite } from "./start/start-site.ts";
import { type Running, stopOnSignals } from "./start/stop-on-signals.ts";
import { summary } from "./start/summary.ts";

const { env } = process;
const running: Running[] = [];
const stopping = stopOnSignals(running);

try {
  const port = await choosePort(env.PORT || "8787");
  await buildScripts();

  say(`Starting the collector on port ${port} …`);
  const collector = await startCollector({ port, env });
  running.push(collector);

  say("Starting the demo site …");
  // Vite hands what begins with VITE_ on to the pages.
  env.VITE_API_BASE_URL = collector.url;
  if (env.METRICS_READ_TOKEN) env.VITE_METRICS_READ_TOKEN = env.METRICS_READ_TOKEN;
  const site = await startSite();
  running.push(site);

  say(summary({ collectorUrl: collector.url, siteUrl: site.url, dataFile: env.METRICS_JSONL || "data/metrics.jsonl" }));
  await collector.ended;
  if (!stopping.aborted) throw new StartError("The collector has ended by itself: see above why, then start again.");
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`\n${error.message}\n`);
  process.exit(1);
}
