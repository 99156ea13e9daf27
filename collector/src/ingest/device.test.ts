import { describe, expect, test } from "vitest";
import { createDeviceReader } from "./device.ts";

const USER_AGENTS: readonly (readonly [userAgent: string, device: object])[] = [
  [
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
    { type: "desktop", browser: "Chrome 156", os: "Linux" },
  ],
  [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.1.2",
    { type: "desktop", browser: "Edge 156", os: "Windows" },
  ],
  [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36 OPR/120.0.0.0",
    { type: "desktop", browser: "Opera 120", os: "Windows" },
  ],
  [
    "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
    { type: "desktop", browser: "Chrome 156", os: "ChromeOS" },
  ],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15",
    { type: "desktop", browser: "Safari 26", os: "macOS" },
  ],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1",
    { type: "mobile", browser: "Safari 26", os: "iOS" },
  ],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/156.0.1.2 Mobile/15E148 Safari/604.1",
    { type: "mobile", browser: "Chrome 156", os: "iOS" },
  ],
  [
    "Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1 Mobile/15E148 Safari/604.1",
    { type: "tablet", browser: "Safari 12", os: "iOS" },
  ],
  [
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36",
    { type: "mobile", browser: "Chrome 156", os: "Android" },
  ],
  [
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
    { type: "tablet", browser: "Chrome 156", os: "Android" },
  ],
  [
    "Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
    { type: "mobile", browser: "Samsung Internet 28", os: "Android" },
  ],
  [
    "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
    { type: "desktop", browser: "Firefox 153", os: "Linux" },
  ],
  [
    "Mozilla/5.0 (Android 15; Mobile; rv:153.0) Gecko/153.0 Firefox/153.0",
    { type: "mobile", browser: "Firefox 153", os: "Android" },
  ],
  ["curl/8.5.0", { type: "desktop" }],
];

describe("readDevice", () => {
  test.each(USER_AGENTS)("reads coarse families out of %s", (userAgent, device) => {
    expect(createDeviceReader()(userAgent)).toEqual(device);
  });

  test.each(USER_AGENTS)("keeps nothing beyond the major version of %s", (userAgent) => {
    const { browser = "", os = "" } = createDeviceReader()(userAgent) ?? {};
    expect(`${browser}|${os}`).not.toMatch(/[._]|\d{5}|Win64|x86|SM-S911B/);
  });

  test("knows nothing of an absent user agent, nor of one longer than any browser's", () => {
    const readDevice = createDeviceReader();
    expect(readDevice("")).toBeUndefined();
    expect(readDevice(`Chrome/1 ${"x".repeat(512 - 9)}`)).toEqual({ type: "desktop", browser: "Chrome 1" });
    expect(readDevice(`Chrome/1 ${"x".repeat(512 - 8)}`)).toBeUndefined();
  });

  test("answers the same again after a thousand others have pushed it out of memory", () => {
    const readDevice = createDeviceReader();
    const [userAgent, device] = USER_AGENTS[0] ?? ["", {}];
    for (let n = 0; n < 2500; n++) expect(readDevice(`Firefox/${n % 1500}`)).toMatchObject({ type: "desktop" });
    expect(readDevice(userAgent)).toEqual(device);
    expect(readDevice(userAgent)).toEqual(device);
  });

  test("answers at once to a user agent made to be slow", () => {
    const readDevice = createDeviceReader();
    const startedAt = performance.now();
    for (const part of ["Android ", "Version/1.", "Mobile ", "Version/1 Mobile/"]) {
      readDevice(part.repeat(Math.floor(512 / part.length)));
    }
    expect(performance.now() - startedAt).toBeLessThan(100);
  });
});
