import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import * as v from "valibot";
import { type Settings, settings } from "./settings.ts";

/** The start was refused. The message names every fault, one a line, with its fix. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** Settings as the program uses them: units in the names, files read, aliases resolved. Frozen. */
export interface Config {
  readonly linkPath: string;
  readonly dataDir: string;
  readonly ringCapacity: number;
  readonly sampleRate: number;
  readonly durability: "fsync" | "os";
  readonly queueCapacity: number;
  readonly maxBytes: number;
  readonly rotate: boolean;
  readonly rotateIntervalMs: number;
  readonly gzipAfterDays: number;
  readonly retentionDays: number;
  readonly readToken: string | undefined;
  readonly trustedProxies: readonly string[];
  /** `undefined`: the same origin and localhost. */
  readonly allowedOrigins: readonly string[] | undefined;
  readonly host: string;
  readonly port: number;
  readonly logLevel: Settings["LOG_LEVEL"];
}

type Environment = { readonly [name: string]: string | undefined };

/**
 * Reads the settings from the environment.
 * @param env environment variables, with those of flags laid over them
 * @throws ConfigError that names every fault
 */
export function readConfig(env: Environment): Config {
  const { CORS_ORIGINS: corsOrigins, ...rest } = withoutEmpty(env);
  const result = v.safeParse(settings, { ...(corsOrigins && { ALLOWED_ORIGINS: corsOrigins }), ...rest });
  const nameOf = (path: string | null) => (path === "ALLOWED_ORIGINS" && !rest[path] ? "CORS_ORIGINS" : path);
  const faults = result.issues?.map((issue) => `${nameOf(v.getDotPath(issue))} ${issue.message}`) ?? [];
  const token = readTokenFile(rest, faults);
  if (!result.success || faults.length > 0) throw new ConfigError(faultMessage(faults));
  const { output } = result;
  return Object.freeze({
    linkPath: output.METRICS_JSONL,
    dataDir: output.METRICS_DIR ?? dirname(output.METRICS_JSONL),
    ringCapacity: output.METRICS_RING_CAPACITY,
    sampleRate: output.METRICS_SAMPLE_RATE,
    durability: output.METRICS_DURABILITY,
    queueCapacity: output.METRICS_QUEUE_CAPACITY,
    maxBytes: Math.round(output.METRICS_MAX_MB * 1_048_576),
    rotate: output.METRICS_ROTATE === "on",
    rotateIntervalMs: output.METRICS_ROTATE_INTERVAL * 1000,
    gzipAfterDays: output.METRICS_GZIP_AFTER_DAYS,
    retentionDays: output.METRICS_RETENTION_DAYS,
    readToken: token ?? output.METRICS_READ_TOKEN,
    trustedProxies: output.METRICS_TRUSTED_PROXIES ?? [],
    allowedOrigins: output.ALLOWED_ORIGINS,
    host: output.HOST,
    port: output.PORT,
    logLevel: output.LOG_LEVEL,
  });
}

/** `METRICS_*` variables that mean nothing to us: a typing error, most likely. */
export function unknownSettings(env: Environment): string[] {
  return Object.keys(env).filter((name) => name.startsWith("METRICS_") && !(name in settings.entries));
}

function readTokenFile(env: Environment, faults: string[]): string | undefined {
  const path = env.METRICS_READ_TOKEN_FILE;
  if (!path) return undefined;
  try {
    const token = readFileSync(path, "utf8").trim();
    if (token.length >= 16) return token;
    faults.push("METRICS_READ_TOKEN_FILE must hold at least 16 characters");
  } catch {
    faults.push("METRICS_READ_TOKEN_FILE must name a file that this user can read");
  }
  return undefined;
}

function withoutEmpty(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
}

function faultMessage(faults: readonly string[]): string {
  const count = faults.length === 1 ? "1 setting is" : `${faults.length} settings are`;
  return `Tallymark did not start: ${count} wrong.\n${faults.map((fault) => `  - ${fault}`).join("\n")}`;
}
