import { isIPv4, isIPv6 } from "node:net";
import * as v from "valibot";
import { isArchiveUrl } from "./archive-url.ts";
import { readTtl } from "./ttl.ts";

/**
 * Every setting there is, by the name of its environment variable. Flags are other spellings of the same settings.
 * Values arrive as text; an empty one counts as not set.
 */
export const settings = v.object({
  METRICS_JSONL: v.optional(v.string(), "./data/metrics.jsonl"),
  METRICS_DIR: v.optional(v.string()),
  METRICS_RING_CAPACITY: whole("500", 1, 1_000_000),
  METRICS_SAMPLE_RATE: number("1", 0, 1),
  METRICS_DURABILITY: oneOf("fsync", ["fsync", "os"]),
  METRICS_QUEUE_CAPACITY: whole("10000", 1, 10_000_000),
  METRICS_MAX_MB: number("64", 0.001, 1_000_000),
  METRICS_ROTATE: oneOf("on", ["on", "off"]),
  METRICS_ROTATE_INTERVAL: whole("300", 1, 86_400),
  METRICS_GZIP_AFTER_DAYS: whole("3", 0, 36_500),
  METRICS_GZIP_LEVEL: whole("6", 1, 9),
  METRICS_RETENTION_DAYS: whole("30", 1, 36_500),
  METRICS_TTL: ttl(),
  METRICS_ARCHIVE_URL: v.optional(
    v.pipe(
      v.string(),
      v.check(
        isArchiveUrl,
        "must be an address such as https://s3.example.com/bucket/prefix: letters, digits and . _ - /",
      ),
    ),
  ),
  METRICS_ARCHIVE_ACCESS_KEY_ID: v.optional(v.string()),
  METRICS_ARCHIVE_SECRET_ACCESS_KEY: v.optional(v.string()),
  METRICS_ARCHIVE_SECRET_ACCESS_KEY_FILE: v.optional(v.string()),
  METRICS_ARCHIVE_REGION: v.optional(v.string(), "us-east-1"),
  METRICS_READ_TOKEN: v.optional(v.pipe(v.string(), v.minLength(16, "must have at least 16 characters"))),
  METRICS_READ_TOKEN_FILE: v.optional(v.string()),
  METRICS_TRUSTED_PROXIES: list(
    (entry) => isCidr(entry),
    "must be addresses or CIDRs such as 10.0.0.0/8, comma-separated",
  ),
  ALLOWED_ORIGINS: list(
    (entry) => isOriginPattern(entry),
    "must be origins such as https://example.com or https://*.example.com, comma-separated, without a path",
  ),
  HOST: v.optional(v.string(), "127.0.0.1"),
  PORT: whole("8787", 0, 65_535),
  LOG_LEVEL: oneOf("info", ["fatal", "error", "warn", "info", "debug", "trace", "silent"]),
});

export type Settings = v.InferOutput<typeof settings>;

function number(fallback: string, min: number, max: number) {
  const rule = `must be a number from ${min} to ${max}`;
  return v.optional(
    v.pipe(
      v.string(),
      v.regex(/^(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?$/i, rule),
      v.transform(Number),
      v.minValue(min, rule),
      v.maxValue(max, rule),
    ),
    fallback,
  );
}

function whole(fallback: string, min: number, max: number) {
  const rule = `must be a whole number from ${min} to ${max}`;
  return v.optional(
    v.pipe(v.string(), v.regex(/^\d+$/, rule), v.transform(Number), v.minValue(min, rule), v.maxValue(max, rule)),
    fallback,
  );
}

function oneOf<const Value extends string>(fallback: NoInfer<Value>, values: readonly Value[]) {
  return v.optional(v.picklist(values, `must be one of ${values.join(", ")}`), fallback);
}

function list(isValid: (entry: string) => boolean, rule: string) {
  return v.optional(
    v.pipe(
      v.string(),
      v.transform((text) =>
        text
          .split(",")
          .map((entry) => entry.trim())
          .filter(Boolean),
      ),
      v.everyItem(isValid, rule),
    ),
  );
}

function ttl() {
  return v.optional(
    v.pipe(
      v.string(),
      v.rawTransform(({ dataset, addIssue, NEVER }) => {
        const { days, faults } = readTtl(dataset.value);
        for (const message of faults) addIssue({ message });
        return faults.length > 0 ? NEVER : days;
      }),
    ),
  );
}

function isCidr(entry: string): boolean {
  const [address = "", prefix, ...more] = entry.split("/");
  const bits = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1;
  const isPrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
  return bits > 0 && isPrefix && more.length === 0;
}

function isOriginPattern(entry: string): boolean {
  const withoutWildcard = entry.replace("://*.", "://wildcard.");
  if (withoutWildcard.includes("*") || !URL.canParse(withoutWildcard)) return false;
  return new URL(withoutWildcard).origin === withoutWildcard.toLowerCase();
}
