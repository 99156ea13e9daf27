import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { ConfigError, readConfig, unknownSettings } from "./read-config.ts";

function faultsOf(env: { readonly [name: string]: string }): string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split("\n").slice(1);
  }
  return [];
}

describe("readConfig", () => {
  test("has the documented defaults", () => {
    expect(readConfig({})).toEqual({
      linkPath: "./data/metrics.jsonl",
      dataDir: "./data",
      ringCapacity: 500,
      sampleRate: 1,
      durability: "fsync",
      queueCapacity: 10_000,
      maxBytes: 64 * 1_048_576,
      rotate: true,
      rotateIntervalMs: 300_000,
      gzipAfterDays: 3,
      gzipLevel: 6,
      retentionDays: 30,
      ttlDays: {},
      archive: undefined,
      readToken: undefined,
      trustedProxies: [],
      allowedOrigins: undefined,
      host: "127.0.0.1",
      port: 8787,
      logLevel: "info",
    });
  });

  test("reads every setting", () => {
    const config = readConfig({
      METRICS_JSONL: "/var/lib/tallymark/metrics.jsonl",
      METRICS_DIR: "/mnt/data",
      METRICS_RING_CAPACITY: "10",
      METRICS_SAMPLE_RATE: "0.25",
      METRICS_DURABILITY: "os",
      METRICS_QUEUE_CAPACITY: "99",
      METRICS_MAX_MB: "0.5",
      METRICS_ROTATE: "off",
      METRICS_ROTATE_INTERVAL: "60",
      METRICS_GZIP_AFTER_DAYS: "0",
      METRICS_GZIP_LEVEL: "9",
      METRICS_RETENTION_DAYS: "7",
      METRICS_TTL: "error=3d",
      METRICS_ARCHIVE_URL: "https://s3.example.com/bucket/site",
      METRICS_ARCHIVE_ACCESS_KEY_ID: "key",
      METRICS_ARCHIVE_SECRET_ACCESS_KEY: "archive-secret",
      METRICS_ARCHIVE_REGION: "eu-central-1",
      METRICS_READ_TOKEN: "0123456789abcdef",
      METRICS_TRUSTED_PROXIES: "10.0.0.0/8, 2001:db8::/32 ,192.0.2.1",
      ALLOWED_ORIGINS: "https://example.com, https://*.example.org",
      HOST: "::1",
      PORT: "0",
      LOG_LEVEL: "debug",
    });
    expect(config).toEqual({
      linkPath: "/var/lib/tallymark/metrics.jsonl",
      dataDir: "/mnt/data",
      ringCapacity: 10,
      sampleRate: 0.25,
      durability: "os",
      queueCapacity: 99,
      maxBytes: 524_288,
      rotate: false,
      rotateIntervalMs: 60_000,
      gzipAfterDays: 0,
      gzipLevel: 9,
      retentionDays: 7,
      ttlDays: { error: 3 },
      archive: {
        url: "https://s3.example.com/bucket/site",
        region: "eu-central-1",
        accessKeyId: "key",
        secretAccessKey: "archive-secret",
      },
      readToken: "0123456789abcdef",
      trustedProxies: ["10.0.0.0/8", "2001:db8::/32", "192.0.2.1"],
      allowedOrigins: ["https://example.com", "https://*.example.org"],
      host: "::1",
      port: 0,
      logLevel: "debug",
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  test("takes an empty value for one that is not set", () => {
    const empty = { METRICS_JSONL: "", METRICS_SAMPLE_RATE: "", METRICS_READ_TOKEN: "", ALLOWED_ORIGINS: "", PORT: "" };
    expect(readConfig(empty)).toEqual(readConfig({}));
  });

  test("takes the data folder from where the link is", () => {
    expect(readConfig({ METRICS_JSONL: "/srv/tally/live.jsonl" })).toMatchObject({ dataDir: "/srv/tally" });
  });

  test("reads CORS_ORIGINS as an alias, which the proper name overrules", () => {
    expect(readConfig({ CORS_ORIGINS: "https://a.example" }).allowedOrigins).toEqual(["https://a.example"]);
    const both = { CORS_ORIGINS: "https://a.example", ALLOWED_ORIGINS: "https://b.example" };
    expect(readConfig(both).allowedOrigins).toEqual(["https://b.example"]);
    expect(readConfig({ ...both, ALLOWED_ORIGINS: "" }).allowedOrigins).toEqual(["https://a.example"]);
  });

  test.each([
    ["METRICS_SAMPLE_RATE", "0"],
    ["METRICS_SAMPLE_RATE", "1.0"],
    ["METRICS_MAX_MB", "0.001"],
    ["METRICS_RING_CAPACITY", "1"],
    ["PORT", "65535"],
    ["ALLOWED_ORIGINS", "http://localhost:5173"],
    ["ALLOWED_ORIGINS", "https://EXAMPLE.com"],
    ["METRICS_TRUSTED_PROXIES", "0.0.0.0/0"],
    ["METRICS_TRUSTED_PROXIES", "::/0"],
    ["METRICS_TRUSTED_PROXIES", "10.0.0.1/32,"],
  ])("allows %s=%s", (name, value) => {
    expect(faultsOf({ [name]: value })).toEqual([]);
  });

  test.each([
    ["METRICS_SAMPLE_RATE", "1.1", "must be a number from 0 to 1"],
    ["METRICS_SAMPLE_RATE", "-0.1", "must be a number from 0 to 1"],
    ["METRICS_SAMPLE_RATE", "50%", "must be a number from 0 to 1"],
    ["METRICS_SAMPLE_RATE", "NaN", "must be a number from 0 to 1"],
    ["METRICS_RING_CAPACITY", "0", "must be a whole number from 1 to 1000000"],
    ["METRICS_RING_CAPACITY", "1.5", "must be a whole number from 1 to 1000000"],
    ["METRICS_RING_CAPACITY", "0x10", "must be a whole number from 1 to 1000000"],
    ["METRICS_QUEUE_CAPACITY", "many", "must be a whole number from 1 to 10000000"],
    ["METRICS_DURABILITY", "FSYNC", "must be one of fsync, os"],
    ["METRICS_MAX_MB", "0", "must be a number from 0.001 to 1000000"],
    ["METRICS_ROTATE", "true", "must be one of on, off"],
    ["METRICS_ROTATE_INTERVAL", "0", "must be a whole number from 1 to 86400"],
    ["METRICS_GZIP_AFTER_DAYS", "-1", "must be a whole number from 0 to 36500"],
    ["METRICS_RETENTION_DAYS", "0", "must be a whole number from 1 to 36500"],
    ["METRICS_GZIP_LEVEL", "0", "must be a whole number from 1 to 9"],
    ["METRICS_GZIP_LEVEL", "10", "must be a whole number from 1 to 9"],
    ["METRICS_TTL", "error=7", 'must say how long "error" is kept in whole days, from 1d to 36500d'],
    ["METRICS_READ_TOKEN", "short", "must have at least 16 characters"],
    ["METRICS_TRUSTED_PROXIES", "10.0.0.0/33", "must be addresses or CIDRs such as 10.0.0.0/8, comma-separated"],
    ["METRICS_TRUSTED_PROXIES", "10.0.0.0/8/8", "must be addresses or CIDRs such as 10.0.0.0/8, comma-separated"],
    ["METRICS_TRUSTED_PROXIES", "10.0.0.0/", "must be addresses or CIDRs such as 10.0.0.0/8, comma-separated"],
    ["METRICS_TRUSTED_PROXIES", "nginx", "must be addresses or CIDRs such as 10.0.0.0/8, comma-separated"],
    ["PORT", "65536", "must be a whole number from 0 to 65535"],
    ["PORT", "80a", "must be a whole number from 0 to 65535"],
    ["LOG_LEVEL", "verbose", "must be one of fatal, error, warn, info, debug, trace, silent"],
  ])("refuses %s=%s", (name, value, rule) => {
    expect(faultsOf({ [name]: value })).toEqual([`  - ${name} ${rule}`]);
  });

  test.each([
    "*",
    "example.com",
    "https://example.com/",
    "https://example.com/path",
    "https://example.com?x",
    "https://user@example.com",
    "https://*.*.example.com",
    "https://a.*.example.com",
    "https://*example.com",
    "https://example.com:443",
    "null",
    "https://good.example,javascript:x",
  ])("refuses ALLOWED_ORIGINS=%s", (value) => {
    expect(faultsOf({ ALLOWED_ORIGINS: value })).toEqual([
      "  - ALLOWED_ORIGINS must be origins such as https://example.com or https://*.example.com, comma-separated, without a path",
    ]);
  });

  test("names every fault in one message", () => {
    const env = {
      METRICS_SAMPLE_RATE: "2",
      METRICS_DURABILITY: "maybe",
      PORT: "x",
      METRICS_READ_TOKEN_FILE: "/nowhere",
    };
    expect(() => readConfig(env)).toThrow(
      new ConfigError(
        [
          "Tallymark did not start: 4 settings are wrong.",
          "  - METRICS_SAMPLE_RATE must be a number from 0 to 1",
          "  - METRICS_DURABILITY must be one of fsync, os",
          "  - PORT must be a whole number from 0 to 65535",
          "  - METRICS_READ_TOKEN_FILE must name a file that this user can read",
        ].join("\n"),
      ),
    );
    expect(() => readConfig({ PORT: "x" })).toThrow("Tallymark did not start: 1 setting is wrong.\n");
  });

  test("never repeats a token", () => {
    expect(faultsOf({ METRICS_READ_TOKEN: "s3cret" }).join()).not.toContain("s3cret");
  });
});

describe("METRICS_READ_TOKEN_FILE", () => {
  function tokenFile(content: string): string {
    const path = join(tempFolder(), "token");
    writeFileSync(path, content);
    return path;
  }

  test("holds the token, without the line end that editors add", () => {
    const env = { METRICS_READ_TOKEN_FILE: tokenFile("0123456789abcdef\n") };
    expect(readConfig(env).readToken).toBe("0123456789abcdef");
  });

  test("goes before METRICS_READ_TOKEN", () => {
    const env = { METRICS_READ_TOKEN_FILE: tokenFile("from-the-file-0123"), METRICS_READ_TOKEN: "from-the-variable" };
    expect(readConfig(env).readToken).toBe("from-the-file-0123");
  });

  test("is refused where it is too short or not there, without repeating it", () => {
    expect(faultsOf({ METRICS_READ_TOKEN_FILE: tokenFile("s3cret") })).toEqual([
      "  - METRICS_READ_TOKEN_FILE must hold at least 16 characters",
    ]);
    expect(faultsOf({ METRICS_READ_TOKEN_FILE: tempFolder() })).toEqual([
      "  - METRICS_READ_TOKEN_FILE must name a file that this user can read",
    ]);
  });
});

describe("the archive", () => {
  const ARCHIVE = {
    METRICS_ARCHIVE_URL: "https://s3.example.com/bucket",
    METRICS_ARCHIVE_ACCESS_KEY_ID: "key",
    METRICS_ARCHIVE_SECRET_ACCESS_KEY: "s3cret",
  };

  test("takes its secret from a file first", () => {
    const path = join(tempFolder(), "secret");
    writeFileSync(path, "from-the-file\n");
    const env = { ...ARCHIVE, METRICS_ARCHIVE_SECRET_ACCESS_KEY_FILE: path };
    expect(readConfig(env).archive).toMatchObject({ secretAccessKey: "from-the-file", region: "us-east-1" });
    writeFileSync(path, "\n");
    expect(faultsOf(env)).toEqual(["  - METRICS_ARCHIVE_SECRET_ACCESS_KEY_FILE must hold at least 1 character"]);
  });

  test("is refused where a key is missing, and keys alone are no archive", () => {
    const rule =
      "  - METRICS_ARCHIVE_URL needs METRICS_ARCHIVE_ACCESS_KEY_ID and METRICS_ARCHIVE_SECRET_ACCESS_KEY (or _FILE)";
    expect(faultsOf({ ...ARCHIVE, METRICS_ARCHIVE_ACCESS_KEY_ID: "" })).toEqual([rule]);
    expect(faultsOf({ ...ARCHIVE, METRICS_ARCHIVE_SECRET_ACCESS_KEY: "" })).toEqual([rule]);
    expect(readConfig({ ...ARCHIVE, METRICS_ARCHIVE_URL: "" }).archive).toBeUndefined();
  });

  test("is refused beside a term that is longer than the retention, which would remove events before they are archived", () => {
    expect(faultsOf({ ...ARCHIVE, METRICS_TTL: "error=7d,order=90d" })).toEqual([
      '  - METRICS_TTL must not keep "order" longer than METRICS_RETENTION_DAYS where METRICS_ARCHIVE_URL is set: all other events would be gone before their file is uploaded',
    ]);
    expect(faultsOf({ ...ARCHIVE, METRICS_TTL: "error=7d,order=90d", METRICS_RETENTION_DAYS: "90" })).toEqual([]);
  });

  test("is refused where its address names no bucket, without repeating the secret", () => {
    const rule = "must be an address such as https://s3.example.com/bucket/prefix: letters, digits and . _ - /";
    expect(faultsOf({ ...ARCHIVE, METRICS_ARCHIVE_URL: "s3://s3cret" })).toEqual([`  - METRICS_ARCHIVE_URL ${rule}`]);
  });
});

test("unknownSettings finds what is most likely a typing error, and nothing else", () => {
  const env = {
    METRICS_SAMPLERATE: "1",
    METRICS_SAMPLE_RATE: "1",
    METRICS_READ_TOKEN_FILE: "x",
    HOME: "/",
    metrics_x: "1",
  };
  expect(unknownSettings(env)).toEqual(["METRICS_SAMPLERATE"]);
});
