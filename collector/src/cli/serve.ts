import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Config, readConfig, unknownSettings } from "../config/read-config.ts";
import { createCollector } from "../create-collector.ts";
import { createLogger } from "../observe/logger.ts";
import { VERSION } from "../version.ts";
import { type Flag, helpFor, parseFlags } from "./flags.ts";
import { isLoopbackHost } from "./is-loopback-host.ts";
import { stopOnSignals } from "./stop-on-signals.ts";
import { tuneHeap } from "./tune-heap.ts";

const FLAGS: { readonly [name: string]: Flag } = {
  host: { setting: "HOST", help: "address to listen on, 127.0.0.1" },
  port: { setting: "PORT", help: "port to listen on, 8787" },
  "max-mb": { setting: "METRICS_MAX_MB", help: "size at which the live file rolls over, 64" },
  help: { help: "this text" },
};

const USAGE = "tallymark-collector serve: takes events over HTTP and keeps them in JSONL files.";

/** A header or body that trickles in longer than this is cut off. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 15_000;

/** Node looks for such connections every 30 s, unless told otherwise. */
const CHECK_INTERVAL_MS = 5000;

/** Longer than a proxy keeps its idle connections (nginx: 60 s), or it would reuse one that we are closing. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;

/** `tallymark-collector serve`: resolves when the server has stopped. */
export async function serve(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { settings, given } = parseFlags("serve", args, FLAGS);
  if (given.has("help")) {
    process.stdout.write(helpFor(USAGE, FLAGS));
    return;
  }
  tuneHeap();
  const config = readConfig({ ...env, ...settings });
  const logger = createLogger(config.logLevel);
  for (const name of unknownSettings(env))
    logger.warn({ name }, "this METRICS_ variable is not a setting of Tallymark");

  const collector = createCollector({ ...config, readToken: config.readToken ?? tokenFor(config), logger });
  await collector.start();

  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    },
    collector.listener,
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(config.port, config.host, resolve);
  });
  const { address, port } = server.address() as AddressInfo;
  logger.info({ version: VERSION, host: address, port, durability: config.durability }, "listening");

  await stopOnSignals(server, collector, logger);
}

/** Open reads are for this machine only; on any other address a random token is made, and said once. */
function tokenFor({ host }: Config): string | undefined {
  if (isLoopbackHost(host)) return undefined;
  const token = randomBytes(24).toString("base64url");
  process.stderr.write(
    `No METRICS_READ_TOKEN is set and the collector listens beyond this machine, so reading needs this token until the next start:\n  ${token}\n`,
  );
  return token;
}
