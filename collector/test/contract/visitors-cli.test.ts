import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { gzipFile } from "../../src/rotate/gzip-file.ts";
import { freePort, startCollector } from "../collector-process.ts";
import { runCli } from "../run-cli.ts";
import { tempFolder } from "../temp-folder.ts";
import { storedLine } from "../verify-fixture.ts";

/** As base64url ids do in one case of 64, it begins with a dash. */
const ANNA = "-141592653_589793238-4626433832";
const BERT = "2718281828-459045235-3602874713-526624977";
const READ_TOKEN = "a-token-of-the-tests";
const FILE = "metrics-2026-11-20.jsonl";
const OLDER = "metrics-2026-11-19.jsonl";

const annas = (number: number) => storedLine(number, { visitor_id: ANNA });
const berts = (number: number) => storedLine(number, { visitor_id: BERT });

async function closedFolder(): Promise<string> {
  const dataDir = tempFolder();
  writeFileSync(join(dataDir, OLDER), annas(1) + berts(2));
  await gzipFile(join(dataDir, OLDER));
  writeFileSync(join(dataDir, FILE), berts(3) + annas(4));
  return dataDir;
}

describe("tallymark-collector export", () => {
  it("prints a visitor's stored lines, oldest first, and nothing else", async () => {
    const { code, stdout, stderr } = await runCli(["export", ANNA, "--data-dir", await closedFolder()]);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: annas(1) + annas(4), stderr: "" });
  });

  it("goes on behind a damaged file, names it and exits with 1", async () => {
    const dataDir = await closedFolder();
    writeFileSync(join(dataDir, `${OLDER}.gz`), "damaged");
    const { code, stdout, stderr } = await runCli(["export", "--data-dir", dataDir, ANNA]);
    expect([code, stdout]).toEqual([1, annas(4)]);
    expect(stderr).toMatch(/^metrics-2026-11-19.jsonl.gz could not be read \(it is damaged\).*\n$/);
  });

  it.each([[[]], [["a", "b"]], [["../x"]], [[`${ANNA} `]]])("takes one id, not %j", async (words) => {
    const { code, stderr } = await runCli(["export", ...words]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^[^\n]+\.\n$/);
    expect(stderr).not.toContain(ANNA);
  });
});

describe("tallymark-collector forget", () => {
  it("erases by itself where no collector runs, and prints the receipt", async () => {
    const dataDir = await closedFolder();
    const { code, stdout, stderr } = await runCli(["forget", ANNA], { METRICS_DIR: dataDir });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, status: "done", erased: { ring: 0, files: 2, events: 2 } });
    expect(stdout + stderr).not.toContain(ANNA);
    expect(readFileSync(join(dataDir, FILE), "utf8")).toBe(berts(3));
    expect((await runCli(["export", ANNA], { METRICS_DIR: dataDir })).stdout).toBe("");
    expect((await runCli(["export", BERT], { METRICS_DIR: dataDir })).stdout).toBe(berts(2) + berts(3));
  });

  it("says which file stands in the way, and exits with 1", async () => {
    const dataDir = await closedFolder();
    writeFileSync(join(dataDir, `${OLDER}.gz`), "damaged");
    const { code, stdout, stderr } = await runCli(["forget", ANNA, "--data-dir", dataDir]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ status: "running", erased: { files: 1, events: 1 } });
    expect(stderr).toContain(`${OLDER}.gz could not be rewritten: it is damaged`);
  });

  it("has a running collector do it, which then refuses the visitor", async () => {
    const dataDir = await closedFolder();
    const collector = await startCollector({
      METRICS_JSONL: join(dataDir, "metrics.jsonl"),
      METRICS_READ_TOKEN: READ_TOKEN,
      METRICS_ROTATE: "off",
    });
    try {
      const forget = (env: { readonly [name: string]: string }, ...more: string[]) =>
        runCli(["forget", ANNA, "--data-dir", dataDir, ...more], env);
      const wrongToken = await forget({ METRICS_READ_TOKEN: "not-the-right-token" }, "--url", collector.url);
      expect([wrongToken.code, wrongToken.stdout]).toEqual([1, ""]);
      expect(wrongToken.stderr).toMatch(
        /refuses the read token\. Set METRICS_READ_TOKEN to the one it was started with\.\n$/,
      );
      const nobody = await forget({ METRICS_READ_TOKEN: READ_TOKEN, PORT: String(await freePort()) });
      expect(nobody.code).toBe(1);
      expect(nobody.stderr).toMatch(
        new RegExp(
          `process ${collector.process.pid} on host \\S+\\) does not answer at \\S+ Name its address with --url\\.\n$`,
        ),
      );

      const post = () =>
        fetch(`${collector.url}/api/metrics/event`, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ event: "x", visitor_id: ANNA }),
        });
      expect((await post()).status).toBe(202);
      const done = await forget({ METRICS_READ_TOKEN: READ_TOKEN, PORT: new URL(collector.url).port });
      expect(done.code).toBe(0);
      expect(JSON.parse(done.stdout)).toMatchObject({ status: "done", erased: { ring: 2, files: 3, events: 3 } });
      expect((await post()).status).toBe(400);
      expect(collector.output()).not.toContain(ANNA);
      expect((await runCli(["verify", dataDir])).code).toBe(0);
    } finally {
      await collector.stop();
    }
  });

  it("says who may do it where this user may not write", async () => {
    const dataDir = await closedFolder();
    writeFileSync(join(dataDir, ".tallymark"), "a file in the way");
    const { code, stderr } = await runCli(["forget", ANNA, "--data-dir", dataDir]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Tallymark cannot write to the data folder [^\n]+\.\n$/);
  });

  it.each(["forget", "export", "verify"])("explains %s", async (command) => {
    const { code, stdout, stderr } = await runCli([command, "--help"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(`tallymark-collector ${command} `);
    expect(stdout).toContain("--help");
  });
});

describe("tallymark-collector verify", () => {
  it("prints a table and what is wrong where, without a visitor's words, and exits with 1", async () => {
    const dataDir = tempFolder();
    writeFileSync(join(dataDir, FILE), `${annas(1)}{"visitor_id":"${BERT}"\n${annas(2)}`);
    const { code, stdout, stderr } = await runCli(["verify", dataDir]);
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toMatch(/^file +events +bytes +first received +last received\n/);
    expect(stdout).toMatch(
      /^metrics-2026-11-20.jsonl +2 +\d+ +2026-11-20T12:00:01.000Z +2026-11-20T12:00:02.000Z +WRONG$/m,
    );
    expect(stdout).toContain(`problem: ${FILE}, line 2: is not a JSON object\n`);
    expect(stdout).toMatch(/\n1 file, 2 events: 1 problem, 1 warning\.\n$/);
    expect(stdout).not.toContain(BERT);
  });

  it("exits with 0 where nothing is wrong", async () => {
    const dataDir = tempFolder();
    writeFileSync(join(dataDir, FILE), annas(1));
    expect((await runCli(["verify", dataDir])).code).toBe(0);
  });

  it.each([[[]], [["a", "b"]], [["/nowhere/at/all"]], [["--what"]]])("exits with 2 for %j", async (words) => {
    const { code, stdout, stderr } = await runCli(["verify", ...words]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^[^\n]+\.\n$/);
  });
});

describe("an export over HTTP", () => {
  it("breaks off at a damaged file, so that nobody takes it for complete, and says so in the log", async () => {
    const dataDir = await closedFolder();
    writeFileSync(join(dataDir, "metrics-2026-11-19.1.jsonl.gz"), "damaged");
    const collector = await startCollector({ METRICS_JSONL: join(dataDir, "metrics.jsonl"), METRICS_ROTATE: "off" });
    try {
      const read = async () => (await fetch(`${collector.url}/api/metrics/visitors/${ANNA}`)).text();
      await expect(read()).rejects.toThrow();
      expect(collector.output()).toContain("an export could not be finished");
      for (const line of collector.output().trim().split("\n")) expect(() => JSON.parse(line)).not.toThrow();
      expect(collector.output()).not.toContain(ANNA);
    } finally {
      await collector.stop();
    }
  });
});
