import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { type Config, readConfig } from "../config/read-config.ts";
import { DataFolderError, reasonOf } from "../disk/data-folder-error.ts";
import { createLogger, describeError, type Logger } from "../observe/logger.ts";
import type { AppliedAction } from "../rotate/apply.ts";
import { planNow, rotateOnce } from "../rotate/rotate-once.ts";
import { startRotationTimer } from "../rotate/rotation-timer.ts";
import { type Flag, helpFor, parseFlags } from "./flags.ts";

const FLAGS: { readonly [name: string]: Flag } = {
  "data-dir": { setting: "METRICS_DIR", help: "the data folder, ./data" },
  interval: { setting: "METRICS_ROTATE_INTERVAL", help: "seconds between two runs, 300" },
  "gzip-after": { setting: "METRICS_GZIP_AFTER_DAYS", help: "days after which a closed file is compressed, 3" },
  "gzip-after-days": { setting: "METRICS_GZIP_AFTER_DAYS", help: "the same" },
  retention: { setting: "METRICS_RETENTION_DAYS", help: "days after which a file is deleted, 30" },
  "delete-after-days": { setting: "METRICS_RETENTION_DAYS", help: "the same" },
  "max-mb": { setting: "METRICS_MAX_MB", help: "size the live file should not pass: a larger one is reported, 64" },
  once: { help: "run once and exit: 0 if everything was done, 1 if a file failed" },
  "dry-run": { help: "print what would be done, and do nothing" },
  help: { help: "this text" },
};

const USAGE = "tallymark-collector rotate: compresses and deletes closed data files when their time has come.";

/** `tallymark-collector rotate`: resolves to the exit code. */
export async function rotate(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { settings, given } = parseFlags("rotate", args, FLAGS);
  if (given.has("help")) {
    process.stdout.write(helpFor(USAGE, FLAGS));
    return 0;
  }
  const config = readConfig({ ...env, ...settings });
  const { dataDir, gzipAfterDays, retentionDays } = config;
  const options = { dataDir, linkPath: join(dataDir, basename(config.linkPath)), gzipAfterDays, retentionDays };
  await checkFolder(dataDir);

  if (given.has("dry-run")) {
    const actions = await planNow(options, Date.now());
    const lines = actions.map(({ type, name, reason }) => `${type.padEnd(7)}${name}  (${reason})`);
    process.stdout.write(`${lines.length > 0 ? lines.join("\n") : "Nothing is due."}\n`);
    return 0;
  }

  const logger = createLogger(config.logLevel);
  if (given.has("once")) {
    const actions = await rotateOnce(options, Date.now());
    logActions(logger, actions);
    await reportLargeLiveFile(logger, config);
    const failed = actions.filter(({ error }) => error !== undefined).length;
    logger.info({ done: actions.length - failed, failed }, "rotation finished");
    return failed > 0 ? 1 : 0;
  }

  logger.info({ interval_seconds: config.rotateIntervalMs / 1000 }, "rotating");
  const stop = startRotationTimer({
    ...options,
    intervalMs: config.rotateIntervalMs,
    onRun({ actions, error }) {
      if (error !== undefined) logger.error({ cause: describeError(error) }, "the data folder could not be read");
      logActions(logger, actions);
      void reportLargeLiveFile(logger, config);
    },
  });
  await untilSignal();
  await stop();
  return 0;
}

async function checkFolder(dataDir: string): Promise<void> {
  try {
    if ((await stat(dataDir)).isDirectory()) return;
  } catch (error) {
    throw new DataFolderError(
      `Tallymark cannot read the data folder ${dataDir}: ${reasonOf(error)}. Name the right one with --data-dir.`,
      { cause: error },
    );
  }
  throw new DataFolderError(`Tallymark needs a folder, and ${dataDir} is a file. Name the right one with --data-dir.`);
}

function logActions(logger: Logger, actions: readonly AppliedAction[]): void {
  for (const { type, name, reason, error } of actions) {
    if (error === undefined) logger.info({ action: type, file: name, reason }, "rotated");
    else logger.error({ action: type, file: name, cause: describeError(error) }, "rotation failed");
  }
}

/** Only the collector may roll its live file over; if it does not, its operator should know. */
async function reportLargeLiveFile(logger: Logger, { dataDir, linkPath, maxBytes }: Config): Promise<void> {
  const live = await stat(join(dataDir, basename(linkPath))).catch(() => undefined);
  if (live && live.size > maxBytes)
    logger.warn({ bytes: live.size, max_bytes: maxBytes }, "the live file is over --max-mb");
}

/** Keeps the process alive: the timer alone does not. */
function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    const keepAlive = setInterval(() => {}, 2 ** 30);
    const onSignal = () => {
      clearInterval(keepAlive);
      resolve();
    };
    process.once("SIGTERM", onSignal);
    process.once("SIGINT", onSignal);
  });
}
