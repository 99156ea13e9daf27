/**
 * `npx pnpm test`: every check of the repository, one after the other, and a plain summary. A check that fails does not
 * stop the others; a suite that could not run is said loudly, and fails the run where `CI` is set.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface Check {
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
  /** A vitest run, whose report tells what was skipped. */
  readonly isTests?: boolean;
}

interface Result {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
  readonly detail: string;
  readonly skipped: number;
}

const CHECKS: readonly Check[] = [
  { name: "build", command: ["pnpm", "--recursive", "--filter", "./sdk", "--filter", "./collector", "run", "build"] },
  { name: "types", command: ["pnpm", "run", "/^types:/"] },
  { name: "lint", command: ["biome", "ci", "."] },
  { name: "unused code", command: ["knip"] },
  { name: "packages", command: ["pnpm", "--recursive", "run", "lint:package"] },
  { name: "sizes", command: ["pnpm", "--filter", "./sdk", "run", "size"] },
  {
    name: "unit and contract tests",
    command: ["vitest", "run", "--project", "sdk", "--project", "collector"],
    isTests: true,
  },
  { name: "browser tests", command: ["vitest", "run", "--project", "e2e", "--no-file-parallelism"], isTests: true },
  { name: "edge tests", command: ["vitest", "run", "--project", "deploy", "--no-file-parallelism"], isTests: true },
];

const isCi = Boolean(process.env.CI);
const reports = mkdtempSync(join(tmpdir(), "tallymark-test-"));
const wanted = process.argv.slice(2);
const results = CHECKS.filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word))).map(run);
rmSync(reports, { recursive: true, force: true });
summarise(results);

function run({ name, command: [program, ...args], isTests }: Check, index: number): Result {
  print(`\n━━ ${name}\n`);
  const report = join(reports, `${index}.json`);
  const reporters = isTests ? ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`] : [];
  const startedAt = Date.now();
  const { status } = spawnSync(program, [...args, ...reporters], { stdio: "inherit" });
  const seconds = (Date.now() - startedAt) / 1000;
  const ok = status === 0;
  if (!isTests) return { name, ok, seconds, detail: "", skipped: 0 };

  const tests = readReport(report);
  const detail = tests ? `${tests.passed} passed, ${tests.failed} failed, ${tests.skipped} skipped` : "no report";
  const isComplete = tests !== undefined && tests.passed > 0 && (tests.skipped === 0 || !isCi);
  return { name, ok: ok && isComplete, seconds, detail, skipped: tests?.skipped ?? 0 };
}

function readReport(path: string): { passed: number; failed: number; skipped: number } | undefined {
  try {
    const report = JSON.parse(readFileSync(path, "utf8"));
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests + report.numTodoTests,
    };
  } catch {
    return undefined;
  }
}

function summarise(done: readonly Result[]): void {
  print("\n━━ summary\n");
  for (const { name, ok, seconds, detail } of done) {
    print(`${ok ? "ok  " : "FAIL"}  ${name.padEnd(26)}${seconds.toFixed(1).padStart(6)} s  ${detail}`);
  }
  const skipped = done.reduce((sum, result) => sum + result.skipped, 0);
  if (skipped > 0) print(`\n${skipped} tests DID NOT RUN: what they need is missing, see their output above.`);
  const failed = done.filter(({ ok }) => !ok).length;
  print(`\n${done.length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
