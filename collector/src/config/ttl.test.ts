import { describe, expect, test } from "vitest";
import { readTtl } from "./ttl.ts";

describe("readTtl", () => {
  test.each([
    ["error=7d,page_view=30d", { error: 7, page_view: 30 }],
    [" error = 7d , a.b:c-d=36500d ,", { error: 7, "a.b:c-d": 36_500 }],
    ["constructor=1d", { constructor: 1 }],
    ["", {}],
  ])("reads %j", (text, days) => {
    expect(readTtl(text)).toEqual({ days, faults: [] });
  });

  test.each([
    ["error", 'must be event names and days such as error=7d, not "error"'],
    ["page view=7d", 'must name events as pages send them, not "page view"'],
    ["__proto__=7d", 'must name events as pages send them, not "__proto__"'],
    ["=7d", 'must name events as pages send them, not ""'],
    ["*=7d", 'must name events as pages send them, not "*"'],
    ["a=b=7d", 'must name events as pages send them, not "a=b"'],
    [`${"a".repeat(65)}=7d`, `must name events as pages send them, not "${"a".repeat(65)}"`],
    ...["7", "0d", "-1d", "1.5d", "7h", "07d", "36501d", "99999999999999999999d", "d", ""].map((term) => [
      `error=${term}`,
      'must say how long "error" is kept in whole days, from 1d to 36500d',
    ]),
    ["error=7d,error=8d", 'must not name "error" twice'],
  ])("refuses %s", (text, fault) => {
    expect(readTtl(text).faults).toEqual([fault]);
  });

  test("names every fault", () => {
    expect(readTtl("a=1h,ok=2d,b=0d,c").faults).toHaveLength(3);
  });
});
