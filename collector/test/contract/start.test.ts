import { once } from "node:events";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startCollector } from "../collector-process.ts";
import { runCli } from "../run-cli.ts";
import { tempFolder } from "../temp-folder.ts";

describe("a start that is refused", () => {
  test("for bad settings exits with 1 and one message that names every fault", async () => {
    const { code, stdout, stderr } = await runCli(["serve"], {
      METRICS_SAMPLE_RATE: "150%",
      METRICS_DURABILITY: "maybe",
      METRICS_RING_CAPACITY: "-5",
      METRICS_READ_TOKEN: "s3cret",
      ALLOWED_ORIGINS: "*",
      PORT: "http",
      METRICS_JSONL: join(tempFolder(), "metrics.jsonl"),
    });
    expect(code).toBe(1);
    expect(stdout).toBe("");
    const [first, ...faults] = stderr.trimEnd().split("\n");
    expect(first).toBe("Tallymark did not start: 6 settings are wrong.");
    expect(faults.map((fault) => /^ {2}- (\w+) must /.exec(fault)?.[1]).sort()).toEqual([
      "ALLOWED_ORIGINS",
      "METRICS_DURABILITY",
      "METRICS_READ_TOKEN",
      "METRICS_RING_CAPACITY",
      "METRICS_SAMPLE_RATE",
      "PORT",
    ]);
    expect(stderr).not.toMatch(/s3cret|150%|maybe| {4}at /);
  });

  test("for a data folder that cannot be written says the path and the reason in one sentence", async () => {
    const file = join(tempFolder(), "file");
    writeFileSync(file, "");
    const { code, stderr } = await runCli(["serve"], { METRICS_JSONL: join(file, "data", "metrics.jsonl"), PORT: "0" });
    expect(code).toBe(1);
    expect(stderr).toBe(
      `Tallymark cannot write to the data folder ${join(file, "data")}: a part of the path is a file, not a folder. ` +
        "Make it writable for this user, or name another one in METRICS_JSONL.\n",
    );
  });

  test("for a link where a folder stands says so, and moves nothing out of the way", async () => {
    const link = join(tempFolder(), "data");
    mkdirSync(link);
    writeFileSync(join(link, "metrics-2026-11-20.jsonl"), "mine\n");
    const { code, stderr } = await runCli(["serve"], { METRICS_JSONL: link, PORT: "0" });
    expect(code).toBe(1);
    expect(stderr).toBe(
      `Tallymark needs ${link} for its link, and that is a folder. ` +
        `Set METRICS_JSONL to a path in it, such as ${link}/metrics.jsonl.\n`,
    );
    expect(readdirSync(join(link, ".."))).toEqual(["data"]);
  });

  test("for a port that is taken says so and what to do", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" && address ? String(address.port) : "";
    const { code, stderr } = await runCli(["serve", "--port", port], {
      METRICS_JSONL: join(tempFolder(), "metrics.jsonl"),
    });
    other.close();
    expect(code).toBe(1);
    expect(stderr).toBe("The port is taken by another program. Stop that one, or name another port in PORT.\n");
  });

  test("for a folder another collector writes to says which, before anything else, and changes nothing there", async () => {
    const dataDir = tempFolder();
    const env = { METRICS_JSONL: join(dataDir, "metrics.jsonl") };
    const first = await startCollector(env);
    const before = readdirSync(dataDir);
    const { code, stdout, stderr } = await runCli(["serve"], { ...env, PORT: new URL(first.url).port });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toBe(
      `Another collector (process ${first.process.pid} on host ${hostname()}) already writes to ${dataDir}. ` +
        "Stop it, or give this one a folder of its own in METRICS_JSONL.\n",
    );
    expect(readdirSync(dataDir)).toEqual(before);
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
    expect(await first.stop()).toBe(0);
  });

  test.each([
    [["sevre"], 'There is no command "sevre". Run `tallymark-collector --help` for the ones there are.\n'],
    [
      ["serve", "--prot", "1"],
      "Unknown option '--prot'. Run `tallymark-collector serve --help` for the flags there are.\n",
    ],
  ])("for a typing error %j points to the help", async (args, message) => {
    expect(await runCli(args)).toEqual({ code: 1, stdout: "", stderr: message });
  });
});

test.each([[[]], [["serve", "--help"]], [["rotate", "--help"]], [["--version"]]])(
  "%j prints what was asked for and exits with 0",
  async (args) => {
    const { code, stdout, stderr } = await runCli(args);
    expect(code).toBe(0);
    expect(stderr).toBe("");
    expect(stdout).toMatch(args[0] === "--version" ? /^\d+\.\d+\.\d+\n$/ : /tallymark-collector/);
  },
);

describe("a start", () => {
  test("takes over from a collector that was killed", async () => {
    const dataDir = tempFolder();
    const locks = () => readdirSync(join(dataDir, ".tallymark")).filter((name) => name.startsWith("writer.lock"));
    const env = { METRICS_JSONL: join(dataDir, "metrics.jsonl") };
    const first = await startCollector(env);
    expect(await first.stop("SIGKILL")).toBeNull();
    expect(locks()).toHaveLength(2);
    const second = await startCollector(env);
    expect(await second.stop()).toBe(0);
    expect(locks()).toEqual([]);
  });

  test("beyond this machine makes a token, says it once, and lets nobody read without it", async () => {
    // A spelling of 127.0.0.1 that does not look like it: the collector must be careful, and the test stays on loopback.
    const { url, output, stop } = await startCollector({
      HOST: "127.1",
      METRICS_JSONL: join(tempFolder(), "metrics.jsonl"),
    });
    const tokens = output().match(/^ {2}[\w-]{32}$/gm) ?? [];
    expect(tokens).toHaveLength(1);
    const read = (headers: { readonly [name: string]: string }) => fetch(`${url}/api/metrics/behavior`, { headers });
    expect((await read({})).status).toBe(401);
    expect((await read({ Authorization: `Bearer ${tokens[0]?.trim()}` })).status).toBe(200);
    expect(await stop()).toBe(0);
  });

  test("warns of a METRICS_ variable it does not know, and of a plain file and a torn line it found", async () => {
    const dataDir = join(tempFolder(), "data");
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, "metrics.jsonl"), "mine\n");
    const today = new Date().toISOString().slice(0, 10);
    writeFileSync(join(dataDir, `metrics-${today}.jsonl`), '{"event":"torn');
    const { output, stop } = await startCollector({
      METRICS_JSONL: join(dataDir, "metrics.jsonl"),
      METRICS_SAMPLERATE: "1",
    });
    expect(await stop()).toBe(0);
    const warnings = output()
      .split("\n")
      .filter((line) => line.includes('"level":"warn"'));
    expect(warnings).toHaveLength(3);
    expect(warnings.join("\n")).toMatch(/METRICS_SAMPLERATE.*"bytes":14.*kept as \.old/s);
  });
});
