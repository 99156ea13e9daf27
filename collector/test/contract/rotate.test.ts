import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { AwsClient } from "aws4fetch";
import { describe, expect, test } from "vitest";
import { takeMaintenanceLock } from "../../src/disk/maintenance-lock.ts";
import { runCli } from "../run-cli.ts";
import { startS3Server } from "../s3-server.ts";
import { tempFolder } from "../temp-folder.ts";

function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

const ARCHIVE = {
  METRICS_ARCHIVE_URL: "https://s3.example.com/bucket",
  METRICS_ARCHIVE_ACCESS_KEY_ID: "key-id",
  METRICS_ARCHIVE_SECRET_ACCESS_KEY: "very-s3cret",
};

function setUp() {
  const dataDir = tempFolder();
  const live = `metrics-${daysAgo(0)}.jsonl`;
  const due = `metrics-${daysAgo(5)}.jsonl`;
  const expired = `metrics-${daysAgo(40)}.jsonl.gz`;
  for (const name of [live, due, expired]) writeFileSync(join(dataDir, name), `${name}\n`);
  symlinkSync(live, join(dataDir, "metrics.jsonl"));
  const names = () =>
    readdirSync(dataDir)
      .filter((name) => name !== ".tallymark")
      .sort();
  return { dataDir, live, due, expired, names };
}

describe("tallymark-collector rotate", () => {
  test("--dry-run says what would be done, and does nothing", async () => {
    const { dataDir, due, expired } = setUp();
    const before = readdirSync(dataDir);
    const { code, stdout } = await runCli(["rotate", "--data-dir", dataDir, "--dry-run"]);
    expect(code).toBe(0);
    expect(stdout).toBe(`delete  ${expired}  1 KiB  (ended 39 days ago)\ngzip    ${due}  1 KiB  (ended 4 days ago)\n`);
    const flags = ["--ttl", "error=2d,page_view=60d", "--gzip-after", "5"];
    const expiring = await runCli(["rotate", "--data-dir", dataDir, "--dry-run", ...flags]);
    expect(expiring.stdout).toBe(
      `expire  ${expired}  1 KiB  (ended 39 days ago; kept: error 2 days, all others 30 days)\n` +
        `expire  ${due}  1 KiB  (ended 4 days ago; kept: error 2 days)\n`,
    );
    const archiving = await runCli(["rotate", "--data-dir", dataDir, "--dry-run", "--gzip-after", "5"], ARCHIVE);
    expect(archiving.stdout).toBe(`archive ${expired}  1 KiB  (ended 39 days ago)\n`);
    expect(readdirSync(dataDir)).toEqual(before);
    const nothing = await runCli(["rotate", "--data-dir", tempFolder(), "--dry-run"]);
    expect(nothing).toEqual({ code: 0, stdout: "Nothing is due.\n", stderr: "" });
  });

  test("--once does it, says so and exits", async () => {
    const { dataDir, live, due, names } = setUp();
    const { code, stdout } = await runCli(["rotate", "--data-dir", dataDir, "--once"]);
    expect(code).toBe(0);
    expect(names()).toEqual([`${due}.gz`, live, "metrics.jsonl"]);
    expect(gunzipSync(readFileSync(join(dataDir, `${due}.gz`))).toString()).toBe(`${due}\n`);
    expect(readFileSync(join(dataDir, "metrics.jsonl"), "utf8")).toBe(`${live}\n`);
    expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).toMatchObject({ done: 2, failed: 0 });
  });

  test("--once exits with 1 where a file failed, and has done the others", async () => {
    const { dataDir, due, names } = setUp();
    mkdirSync(join(dataDir, `metrics-${daysAgo(6)}.jsonl`));
    const { code, stdout } = await runCli(["rotate", "--data-dir", dataDir, "--once"]);
    expect(code).toBe(1);
    expect(names()).toContain(`${due}.gz`);
    expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).toMatchObject({ done: 2, failed: 1 });
  });

  test("takes the other names of its flags, and goes on every interval until SIGTERM", async () => {
    const { dataDir, live, due, expired, names } = setUp();
    const flags = ["--interval", "1", "--gzip-after-days", "4", "--delete-after-days", "39", "--max-mb", "0.001"];
    writeFileSync(join(dataDir, live), "x".repeat(2000));
    const { code, stdout } = await runCli(["rotate", "--data-dir", dataDir, ...flags], {}, "over --max-mb");
    expect(code).toBe(0);
    expect(names()).toEqual([`${due}.gz`, live, "metrics.jsonl"]);
    expect(stdout).toContain(`"file":"${expired}"`);
    expect(stdout).toContain('"interval_seconds":1');
  });

  test("--once removes the events whose own term is over, and says how many", async () => {
    const { dataDir, due } = setUp();
    const other = '{"event":"order"}\n';
    writeFileSync(join(dataDir, due), `{"event":"error"}\n${other}{"event":"error"}\n`);
    const { code, stdout } = await runCli(["rotate", "--data-dir", dataDir, "--once", "--gzip-level", "9"], {
      METRICS_TTL: "error=2d",
    });
    expect(code).toBe(0);
    expect(gunzipSync(readFileSync(join(dataDir, `${due}.gz`))).toString()).toBe(other);
    expect(stdout).toContain(`"action":"expire","file":"${due}"`);
    expect(stdout).toContain('"events":2');
  });

  test("--once uploads a file before it deletes it", async () => {
    const { dataDir, due, expired, names } = setUp();
    writeFileSync(join(dataDir, expired), gzipSync("old\n"));
    const { url, accessKeyId, secretAccessKey } = await startS3Server();
    const env = {
      METRICS_ARCHIVE_URL: url,
      METRICS_ARCHIVE_ACCESS_KEY_ID: accessKeyId,
      METRICS_ARCHIVE_SECRET_ACCESS_KEY: secretAccessKey,
    };
    const refused = await runCli(["rotate", "--data-dir", dataDir, "--once"], {
      ...env,
      METRICS_ARCHIVE_SECRET_ACCESS_KEY: "very-s3cret",
    });
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('"code":"403 SignatureDoesNotMatch"');
    expect(refused.stdout + refused.stderr).not.toContain("very-s3cret");
    expect(names()).toContain(expired);
    expect(names()).toContain(`${due}.gz`);

    expect(await runCli(["rotate", "--data-dir", dataDir, "--once"], env)).toMatchObject({ code: 0, stderr: "" });
    expect(names()).not.toContain(expired);
    const client = new AwsClient({ accessKeyId, secretAccessKey, service: "s3", region: "us-east-1" });
    const stored = await client.fetch(`${url}/${expired}`);
    expect(gunzipSync(Buffer.from(await stored.arrayBuffer())).toString()).toBe("old\n");
  });

  test("--once waits for another process that works on the folder, and says so", async () => {
    const { dataDir, names } = setUp();
    const lock = await takeMaintenanceLock(dataDir);
    const running = runCli(["rotate", "--data-dir", dataDir, "--once"]);
    setTimeout(() => void lock.release(), 3000);
    const { code, stderr } = await running;
    expect(code).toBe(0);
    expect(stderr).toBe(`Waiting up to 60 s for another process (${process.pid} on ${hostname()}) …\n`);
    expect(names()).toHaveLength(3);
  });

  test("the sidecar leaves its runs out meanwhile, which is no failure, and says so once", async () => {
    const { dataDir } = setUp();
    const lock = await takeMaintenanceLock(dataDir);
    setTimeout(() => void lock.release(), 4000);
    const { code, stdout } = await runCli(["rotate", "--data-dir", dataDir, "--interval", "1"], {}, '"action":"gzip"');
    expect(code).toBe(0);
    const said = `another process (${process.pid} on ${hostname()}) is working on the data folder`;
    expect(stdout.split(said)).toHaveLength(2);
    expect(stdout).not.toContain('"level":"error"');
  });

  test("says which folder it cannot read, and why", async () => {
    const dataDir = join(tempFolder(), "gone");
    expect(await runCli(["rotate", "--data-dir", dataDir, "--once"])).toEqual({
      code: 1,
      stdout: "",
      stderr: `Tallymark cannot read the data folder ${dataDir}: it does not exist. Name the right one with --data-dir.\n`,
    });
  });

  test("refuses bad values with every fault named", async () => {
    const { code, stderr } = await runCli(["rotate", "--interval", "0", "--retention", "never"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^Tallymark did not start: 2 settings are wrong\.\n {2}- METRICS_ROTATE_INTERVAL .*\n {2}- METRICS_RETENTION_DAYS /,
    );
  });
});
