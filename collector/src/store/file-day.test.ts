import { describe, expect, test } from "vitest";
import { fileDay } from "./file-day.ts";

describe("fileDay", () => {
  test.each([
    ["the first day", "", "2026-11-20", "2026-11-20"],
    ["the same day", "2026-11-20", "2026-11-20", "2026-11-20"],
    ["midnight", "2026-11-20", "2026-11-21", "2026-11-21"],
    ["a jump of two days", "2026-11-20", "2026-11-22", "2026-11-22"],
    ["a year's end", "2026-12-31", "2027-01-01", "2027-01-01"],
  ])("goes on with the clock: %s", (_title, newest, today, day) => {
    expect(fileDay(newest, today)).toBe(day);
  });

  test.each([
    ["an hour over midnight", "2026-11-20", "2026-11-19"],
    ["two days", "2026-11-20", "2026-11-18"],
    ["two days over a year's end", "2027-01-01", "2026-12-30"],
    ["into no date at all", "2026-11-20", ""],
  ])("stays where it is when the clock goes back %s", (_title, newest, today) => {
    expect(fileDay(newest, today)).toBe(newest);
  });

  test.each([
    ["three days", "2026-11-20", "2026-11-17"],
    ["from a far future", "2036-11-20", "2026-11-20"],
    ["from the last date there is", "9999-12-31", "2026-11-20"],
  ])("believes a clock that goes back %s: it was wrong before", (_title, newest, today) => {
    expect(fileDay(newest, today)).toBe(today);
  });
});
