import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { runCli } from "../run-cli.ts";
import { tempFolder } from "../temp-folder.ts";

function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

function setUp() {
  const dataDir = tempFolder();
  const live = `metrics-${daysAgo(0)}.jsonl`;
  const due = `metrics-${daysAgo(5)}.jsonl`;
  const expired = `metrics-${daysAgo(40)}.jsonl.gz`;
  for (const name of [live, due, expired]) writeFileSync(join(dataDir, name), `${name}\n`);
  symlinkSync(live, join(dataDir, "metrics.jsonl"));
  return { dataDir, live, due, expired, names: () => readdirSync(dataDir).sort() };
}

describe("tallymark-collector rotate", () => {
  test("--dry-run says what would be done, and does nothing", async () => {
    const { dataDir, due, expired, names } = setUp();
    const before = names();
    const { code, stdout } = await runCli(["rotate", "--data-dir", dataDir, "--dry-run"]);
    expect(code).toBe(0);
    expect(stdout).toBe(`delete ${expired}  (ended 39 days ago)\ngzip   ${due}  (ended 4 days ago)\n`);
    expect(names()).toEqual(before);
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
