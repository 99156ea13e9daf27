import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { createArchive } from "../archive/create-archive.ts";
import { type Config, readConfig } from "../config/read-config.ts";
import { codeOf, DataFolderError, reasonOf } from "../disk/data-folder-error.ts";
import { FolderLockedError } from "../disk/folder-lock.ts";
import { createLogger, type Logger } from "../observe/logger.ts";
import { planNow, type Rotated, type RotateOptions, rotateOnce } from "../rotate/rotate-once.ts";
import { startRotationTimer } from "../rotate/rotation-timer.ts";
import { createRotationLog } from "../rotation-log.ts";
import { checkFolder } from "./check-folder.ts";
import { type Flag, helpFor, parseFlags } from "./flags.ts";

const FLAGS: { readonly [name: string]: Flag } = {
  "data-dir": { setting: "METRICS_DIR", help: "the data folder, ./data" },
  interval: { setting: "METRICS_ROTATE_INTERVAL", help: "seconds between two runs, 300" },
  "gzip-after": { setting: "METRICS_GZIP_AFTER_DAYS", help: "days after which a closed file is compressed, 3" },
  "gzip-after-days": { setting: "METRICS_GZIP_AFTER_DAYS", help: "the same" },
  "gzip-level": { setting: "METRICS_GZIP_LEVEL", help: "from 1, fast, to 9, small; 6" },
  retention: { setting: "METRICS_RETENTION_DAYS", help: "days after which events are deleted, 30" },
  "delete-after-days": { setting: "METRICS_RETENTION_DAYS", help: "the same" },
  ttl: { setting: "METRICS_TTL", help: "days by event name, such as error=7d,page_view=30d" },
  "max-mb": { setting: "METRICS_MAX_MB", help: "size the live file should not pass: a larger one is reported, 64" },
  once: { help: "run once and exit: 0 if everything was done, 1 if a file failed" },
  "dry-run": { help: "print what would be done, and do nothing" },
  help: { help: "this text" },
};

const USAGE = "tallymark-collector rotate: compresses and deletes closed data files when their time has come.";

/** How long a single run waits for another process that works on the folder. */
const WAIT_MS = 60_000;

/** `tallymark-collector rotate`: resolves to the exit code. */
export async function rotate(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { settings, given } = parseFlags("rotate", args, FLAGS);
  if (given.has("help")) {
    process.stdout.write(helpFor(USAGE, FLAGS));
    return 0;
  }
  const config = readConfig({ ...env, ...settings });
  const { dataDir, archive, ...policy } = config;
  const linkPath = join(dataDir, basename(config.linkPath));
  const options = { ...policy, dataDir, linkPath, archive: archive && createArchive(archive) };
  await checkFolder(dataDir);
  if (given.has("dry-run")) return printPlan(options);
  const logger = createLogger(config.logLevel);
  if (given.has("once")) return runOnce(options, config, logger);

  logger.info({ interval_seconds: config.rotateIntervalMs / 1000 }, "rotating");
  const log = createRotationLog(logger);
  const stop = startRotationTimer({
    ...options,
    intervalMs: config.rotateIntervalMs,
    onRun(run) {
      log.onRun(run);
      void reportLargeLiveFile(logger, config);
    },
    onSkipped: log.onSkipped,
  });
  await untilSignal();
  await stop();
  return 0;
}

async function printPlan(options: RotateOptions): Promise<number> {
  const { actions, leapDays } = await planNow(options, Date.now());
  if (leapDays > 0) process.stdout.write(`The clock was set forward by ${leapDays} days, which are not believed.\n`);
  for (const { type, name, reason } of actions) {
    const found = await stat(join(options.dataDir, name)).catch(() => undefined);
    const size = found ? inUnits(found.size) : "gone";
    process.stdout.write(`${type.padEnd(8)}${name}  ${size}  (${reason})\n`);
  }
  if (actions.length === 0) process.stdout.write("Nothing is due.\n");
  return 0;
}

async function runOnce(options: RotateOptions, config: Config, logger: Logger): Promise<number> {
  const run = await rotateOrWait(options);
  createRotationLog(logger).onRun(run);
  await reportLargeLiveFile(logger, config);
  const failed = run.actions.filter(({ error }) => error !== undefined).length;
  logger.info({ done: run.actions.length - failed, failed }, "rotation finished");
  return failed > 0 ? 1 : 0;
}

async function rotateOrWait(options: RotateOptions): Promise<Rotated> {
  try {
    return await rotateOnce(options, Date.now());
  } catch (error) {
    if (!(error instanceof FolderLockedError)) throw unusable(options.dataDir, error);
    process.stderr.write(`Waiting up to ${WAIT_MS / 1000} s for ${holderOf(error)} …\n`);
  }
  try {
    return await rotateOnce(options, Date.now(), { waitMs: WAIT_MS });
  } catch (error) {
    throw error instanceof FolderLockedError
      ? new DataFolderError(
          `Tallymark did not rotate ${options.dataDir}: ${holderOf(error)} is still working on it. Try again when it has finished, or stop it.`,
          { cause: error },
        )
      : unusable(options.dataDir, error);
  }
}

function unusable(dataDir: string, error: unknown): unknown {
  if (codeOf(error) === "unknown") return error;
  return new DataFolderError(
    `Tallymark cannot rotate ${dataDir}: ${reasonOf(error)}. Let this user write there, or name another folder with --data-dir.`,
    { cause: error },
  );
}

function holderOf({ pid, host }: FolderLockedError): string {
  return `another process (${pid} on ${host})`;
}

function inUnits(bytes: number): string {
  return bytes < 1_048_576 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 1_048_576).toFixed(1)} MiB`;
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
