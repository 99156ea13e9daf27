import { describe, expect, test } from "vitest";
import { helpFor, parseFlags } from "./flags.ts";
import { UsageError } from "./usage-error.ts";

const FLAGS = {
  interval: { setting: "METRICS_ROTATE_INTERVAL", help: "seconds" },
  retention: { setting: "METRICS_RETENTION_DAYS", help: "days" },
  "delete-after-days": { setting: "METRICS_RETENTION_DAYS", help: "the same" },
  once: { help: "run once" },
};

const parse = (...args: string[]) => parseFlags("rotate", args, FLAGS);

describe("parseFlags", () => {
  test("reads flags as other spellings of settings, and the rest as given or not", () => {
    expect(parse("--interval", "60", "--delete-after-days=7", "--once")).toEqual({
      settings: { METRICS_ROTATE_INTERVAL: "60", METRICS_RETENTION_DAYS: "7" },
      given: new Set(["once"]),
      words: [],
    });
    expect(parse()).toEqual({ settings: {}, given: new Set(), words: [] });
  });

  test.each([[["--intervall", "60"]], [["--interval"]], [["--once=yes"]], [["folder"]], [["-x"]]])(
    "refuses %j in one sentence that says where help is",
    (args) => {
      expect(() => parse(...args)).toThrow(UsageError);
      expect(() => parse(...args)).toThrow(/\. Run `tallymark-collector rotate --help` for the flags there are\.$/);
    },
  );
});

describe("parseFlags of a command that takes words", () => {
  test.each([
    [["id"], ["id"]],
    [["--interval", "60", "id"], ["id"]],
    [["-id", "--interval", "60"], ["-id"]],
    [["--interval", "60", "--", "--id"], ["--id"]],
    [[], []],
  ])("reads those of %j, also such that begin with a dash", (args, words) => {
    const parsed = parseFlags("forget", args, FLAGS, { takesWords: true });
    expect(parsed.words).toEqual(words);
    expect(parsed.settings).toEqual(args.includes("60") ? { METRICS_ROTATE_INTERVAL: "60" } : {});
  });

  test("still refuses a flag that is not there", () => {
    expect(() => parseFlags("forget", ["--what"], FLAGS, { takesWords: true })).toThrow(UsageError);
  });
});

test("helpFor lists every flag with the setting it stands for", () => {
  const help = helpFor("usage", FLAGS);
  expect(help).toMatch(/^usage\n\n/);
  expect(help).toMatch(/^ {2}--interval <value> +seconds \(METRICS_ROTATE_INTERVAL\)$/m);
  expect(help).toMatch(/^ {2}--once +run once$/m);
});
