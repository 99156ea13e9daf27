/**
 * `npx pnpm test`: every check of the repository, one after the other, and a plain summary. A check that fails does not
 * stop the others; a suite that could not run is said loudly, and fails the run where `CI` is set.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

interface Check {
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
  /** A vitest run, whose report tells what was skipped. */
  readonly isTests?: boolean;
  /** Variables that are set besides. */
  readonly env?: { readonly [name: string]: string };
}

interface Result {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
  readonly tests: Tests | undefined;
}

interface Tests {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** A line for each failed test, so that the summary alone, a CI log's last screen, says where to look. */
  readonly failures: readonly string[];
}

/** What is read of a file in vitest's JSON report. */
interface VitestFile {
  readonly name: string;
  readonly status: string;
  readonly assertionResults: readonly {
    readonly status: string;
    readonly fullName: string;
    readonly failureMessages?: readonly string[];
  }[];
}

const isCi = Boolean(process.env.CI);

/** How often the crash tests kill a collector, and cut the power. */
const LONG = { CRASH_RUNS: "200", POWER_CUTS: "200" };

const CHECKS: readonly Check[] = [
  { name: "build", command: ["pnpm", "--recursive", "--filter", "./sdk", "--filter", "./collector", "run", "build"] },
  { name: "types", command: ["pnpm", "run", "/^types:/"] },
  { name: "lint", command: ["biome", "ci", "."] },
  { name: "unused code", command: ["knip"] },
  { name: "packages", command: ["pnpm", "--recursive", "run", "lint:package"] },
  { name: "sizes", command: ["pnpm", "--filter", "./sdk", "run", "size"] },
  {
    name: "unit and contract tests",
    command: ["vitest", "run", "--project", "sdk", "--project", "collector", "--exclude", "**/crash/**"],
    isTests: true,
  },
  {
    // CI runs the long one, as `npx pnpm test:long` does.
    name: "crash tests",
    command: ["vitest", "run", "--project", "collector", "--no-file-parallelism", "test/crash/"],
    isTests: true,
    env: isCi ? LONG : {},
  },
  { name: "browser tests", command: ["vitest", "run", "--project", "e2e", "--no-file-parallelism"], isTests: true },
  { name: "edge tests", command: ["vitest", "run", "--project", "deploy", "--no-file-parallelism"], isTests: true },
];

const reports = mkdtempSync(join(tmpdir(), "tallymark-test-"));
const wanted = process.argv.slice(2);
const results = CHECKS.filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word))).map(run);
rmSync(reports, { recursive: true, force: true });
summarise(results);

function run({ name, command: [program, ...args], isTests, env }: Check, index: number): Result {
  print(`\n━━ ${name}\n`);
  const report = join(reports, `${index}.json`);
  const reporters = isTests ? ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`] : [];
  const startedAt = Date.now();
  const { status } = spawnSync(program, [...args, ...reporters], { stdio: "inherit", env: { ...process.env, ...env } });
  const seconds = (Date.now() - startedAt) / 1000;
  const ok = status === 0;
  if (!isTests) return { name, ok, seconds, tests: undefined };

  const tests = readReport(report);
  const isComplete = tests !== undefined && tests.passed > 0 && (tests.skipped === 0 || !isCi);
  return { name, ok: ok && isComplete, seconds, tests };
}

function readReport(path: string): Tests | undefined {
  try {
    const report = JSON.parse(readFileSync(path, "utf8"));
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests + report.numTodoTests,
      failures: report.testResults.flatMap(failuresOf),
    };
  } catch {
    return undefined;
  }
}

function failuresOf(file: VitestFile): string[] {
  const failed = file.assertionResults.filter(({ status }) => status === "failed");
  const lines = failed.map(({ fullName, failureMessages }) => {
    return `${relative(process.cwd(), file.name)} > ${fullName}: ${failureMessages?.[0]?.split("\n", 1)[0] ?? ""}`;
  });
  const isBroken = file.status === "failed" && lines.length === 0;
  return isBroken ? [`${relative(process.cwd(), file.name)}: did not run`] : lines;
}

function summarise(done: readonly Result[]): void {
  print("\n━━ summary\n");
  for (const { name, ok, seconds, tests } of done) {
    const detail = tests ? `${tests.passed} passed, ${tests.failed} failed, ${tests.skipped} skipped` : "";
    print(`${ok ? "ok  " : "FAIL"}  ${name.padEnd(26)}${seconds.toFixed(1).padStart(6)} s  ${detail}`);
  }
  for (const failure of done.flatMap(({ tests }) => tests?.failures ?? [])) print(`\nfailed: ${failure}`);
  const skipped = sum(done.map(({ tests }) => tests?.skipped ?? 0));
  if (skipped > 0) print(`\n${skipped} tests DID NOT RUN: what they need is missing, see their output above.`);
  // A check that is not a test suite counts as one; so does a suite that failed without a failed test.
  const passed = sum(done.map(({ ok, tests }) => tests?.passed ?? Number(ok)));
  const failed = sum(done.map(({ ok, tests }) => (ok ? 0 : Math.max(1, tests?.failed ?? 0))));
  print(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exitCode = failed > 0 ? 1 : 0;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
