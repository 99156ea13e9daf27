import { describe, expect, test } from "vitest";
import { isLoopbackHost } from "./is-loopback-host.ts";

describe("isLoopbackHost", () => {
  test.each(["localhost", "127.0.0.1", "127.0.0.2", "127.255.255.254", "::1"])(
    "trusts %s to be this machine only",
    (host) => {
      expect(isLoopbackHost(host)).toBe(true);
    },
  );

  test.each([
    "0.0.0.0",
    "::",
    "",
    "192.0.2.1",
    "10.0.0.1",
    "::ffff:0.0.0.0",
    "localhost.example",
    "127.0.0.1.example",
    "1127.0.0.1",
    "127.0.0.1\n",
    "stats.example.com",
  ])("does not trust %j", (host) => {
    expect(isLoopbackHost(host)).toBe(false);
  });
});
