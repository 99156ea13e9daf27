import { describe, expect, test } from "vitest";
import { createClientAddress } from "./client-address.ts";

const addressOf = (
  peer: string | undefined,
  forwardedFor: string | undefined,
  trustedProxies: readonly string[] = [],
) => createClientAddress(trustedProxies)(peer, forwardedFor);

describe("clientAddress", () => {
  test("is the peer's where no proxy is trusted, whatever the header says", () => {
    expect(addressOf("192.0.2.1", undefined)).toBe("192.0.2.1");
    expect(addressOf("192.0.2.1", "203.0.113.9")).toBe("192.0.2.1");
    expect(addressOf("127.0.0.1", "203.0.113.9")).toBe("127.0.0.1");
  });

  test("is the peer's where the peer is none of the trusted proxies", () => {
    expect(addressOf("192.0.2.1", "203.0.113.9", ["10.0.0.0/8"])).toBe("192.0.2.1");
  });

  test("is what a trusted proxy wrote", () => {
    expect(addressOf("10.1.2.3", "203.0.113.9", ["10.0.0.0/8"])).toBe("203.0.113.9");
    expect(addressOf("10.1.2.3", "203.0.113.9", ["10.1.2.3"])).toBe("203.0.113.9");
  });

  test("is never what the client forged in front of that", () => {
    expect(addressOf("10.1.2.3", "1.1.1.1, 203.0.113.9", ["10.0.0.0/8"])).toBe("203.0.113.9");
    const fifty = Array.from({ length: 50 }, (_, n) => `1.1.1.${n}`).join(",");
    expect(addressOf("10.1.2.3", `${fifty},203.0.113.9`, ["10.0.0.0/8"])).toBe("203.0.113.9");
    expect(addressOf("10.1.2.3", "10.9.9.9, 203.0.113.9", ["10.0.0.0/8"])).toBe("203.0.113.9");
  });

  test("is found through a chain of trusted proxies", () => {
    const trusted = ["10.0.0.0/8", "2001:db8::/32"];
    expect(addressOf("10.1.2.3", "203.0.113.9, 2001:db8::7, 10.4.5.6", trusted)).toBe("203.0.113.9");
  });

  test("is the peer's where the header is missing, empty or full of proxies", () => {
    for (const header of [undefined, "", " , ,", "10.4.5.6"]) {
      expect(addressOf("10.1.2.3", header, ["10.0.0.0/8"])).toBe("10.1.2.3");
    }
  });

  test("knows an IPv4 address inside an IPv6 one, from the socket and from the header", () => {
    expect(addressOf("::ffff:192.0.2.1", undefined)).toBe("192.0.2.1");
    expect(addressOf("::ffff:10.1.2.3", "203.0.113.9", ["10.0.0.0/8"])).toBe("203.0.113.9");
    expect(addressOf("10.1.2.3", "203.0.113.9, ::FFFF:10.4.5.6", ["10.0.0.0/8"])).toBe("203.0.113.9");
  });

  test("works for IPv6 peers", () => {
    expect(addressOf("2001:db8::1", "2001:db9::9", ["2001:db8::/32"])).toBe("2001:db9::9");
    expect(addressOf("2001:db9::1", "2001:db9::9", ["2001:db8::/32"])).toBe("2001:db9::1");
  });

  test("is empty where there is no socket to look at", () => {
    expect(addressOf(undefined, "203.0.113.9")).toBe("");
  });
});
