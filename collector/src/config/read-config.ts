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
  readonly gzipLevel: number;
  readonly retentionDays: number;
  /** By event name. */
  readonly ttlDays: { readonly [event: string]: number };
  /** `undefined`: files are deleted without being uploaded first. */
  readonly archive: ArchiveConfig | undefined;
  readonly readToken: string | undefined;
  readonly trustedProxies: readonly string[];
  /** `undefined`: the same origin and localhost. */
  readonly allowedOrigins: readonly string[] | undefined;
  readonly host: string;
  readonly port: number;
  readonly logLevel: Settings["LOG_LEVEL"];
}

export interface ArchiveConfig {
  /** `https://host[:port]/bucket[/prefix]` */
  readonly url: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
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
  const token = readSecretFile(rest, "METRICS_READ_TOKEN_FILE", 16, faults) ?? rest.METRICS_READ_TOKEN;
  const archiveSecret =
    readSecretFile(rest, "METRICS_ARCHIVE_SECRET_ACCESS_KEY_FILE", 1, faults) ?? rest.METRICS_ARCHIVE_SECRET_ACCESS_KEY;
  const archive = archiveOf(rest, archiveSecret, faults);
  if (result.success && archive) faults.push(...archivedTtlFaults(result.output));
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
    gzipLevel: output.METRICS_GZIP_LEVEL,
    retentionDays: output.METRICS_RETENTION_DAYS,
    ttlDays: output.METRICS_TTL ?? {},
    archive: archive && { ...archive, region: output.METRICS_ARCHIVE_REGION },
    readToken: token,
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

/** All that a bucket needs; a fault where only a part is given. */
function archiveOf(
  env: Environment,
  secretAccessKey: string | undefined,
  faults: string[],
): Omit<ArchiveConfig, "region"> | undefined {
  const { METRICS_ARCHIVE_URL: url, METRICS_ARCHIVE_ACCESS_KEY_ID: accessKeyId } = env;
  if (!url) return undefined;
  if (accessKeyId && secretAccessKey) return { url, accessKeyId, secretAccessKey };
  faults.push(
    "METRICS_ARCHIVE_URL needs METRICS_ARCHIVE_ACCESS_KEY_ID and METRICS_ARCHIVE_SECRET_ACCESS_KEY (or _FILE)",
  );
  return undefined;
}

/** Only whole files are archived: what an earlier term removes from one would be in no archive. */
function archivedTtlFaults({ METRICS_TTL: ttl = {}, METRICS_RETENTION_DAYS: retentionDays }: Settings): string[] {
  const longer = Object.keys(ttl).filter((name) => (ttl[name] ?? 0) > retentionDays);
  return longer.map(
    (name) =>
      `METRICS_TTL must not keep "${name}" longer than METRICS_RETENTION_DAYS where METRICS_ARCHIVE_URL is set: all other events would be gone before their file is uploaded`,
  );
}

function readSecretFile(env: Environment, name: string, minLength: number, faults: string[]): string | undefined {
  const path = env[name];
  if (!path) return undefined;
  try {
    const secret = readFileSync(path, "utf8").trim();
    if (secret.length >= minLength) return secret;
    faults.push(`${name} must hold at least ${minLength} ${minLength === 1 ? "character" : "characters"}`);
  } catch {
    faults.push(`${name} must name a file that this user can read`);
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
