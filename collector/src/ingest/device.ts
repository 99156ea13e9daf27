import type { Device } from "@tallymark/sdk/protocol";

/** First match wins: Edge and Opera also say Chrome, Chrome also says Safari. */
const BROWSERS: readonly (readonly [family: string, version: RegExp])[] = [
  ["Edge", /\bEdg(?:e|A|iOS)?\/(\d{1,4})/],
  ["Opera", /\b(?:OPR|Opera)\/(\d{1,4})/],
  ["Samsung Internet", /\bSamsungBrowser\/(\d{1,4})/],
  ["Firefox", /\b(?:Firefox|FxiOS)\/(\d{1,4})/],
  ["Chrome", /\b(?:Chrome|CriOS|HeadlessChrome)\/(\d{1,4})/],
  ["Safari", /\bVersion\/(\d{1,4})[\d.]* (?:Mobile\/\w+ )?Safari\//],
];

const SYSTEMS: readonly (readonly [family: string, mark: RegExp])[] = [
  ["Android", /\bAndroid\b/],
  ["iOS", /\b(?:iPhone|iPad|iPod)\b/],
  ["Windows", /\bWindows\b/],
  ["ChromeOS", /\bCrOS\b/],
  ["macOS", /\bMac OS X\b|\bMacintosh\b/],
  ["Linux", /\bLinux\b/],
];

const CACHE_SIZE = 1000;

/** Longer ones are not looked at: real browsers stay under 300 characters, and patterns should not run over a novel. */
const MAX_USER_AGENT_LENGTH = 512;

/**
 * Reads coarse families out of user agents and forgets the user agents. Answers are remembered for the newest 1000
 * different ones, in memory only.
 */
export function createDeviceReader(): (userAgent: string) => Device | undefined {
  const known = new Map<string, Device>();

  return function readDevice(userAgent) {
    if (!userAgent || userAgent.length > MAX_USER_AGENT_LENGTH) return undefined;
    const cached = known.get(userAgent);
    if (cached) return cached;
    const device = deviceOf(userAgent);
    if (known.size >= CACHE_SIZE) known.delete(known.keys().next().value ?? "");
    known.set(userAgent, device);
    return device;
  };
}

function deviceOf(userAgent: string): Device {
  const browser = browserOf(userAgent);
  const os = SYSTEMS.find(([, mark]) => mark.test(userAgent))?.[0];
  return { type: typeOf(userAgent), ...(browser && { browser }), ...(os && { os }) };
}

function browserOf(userAgent: string): string | undefined {
  for (const [family, version] of BROWSERS) {
    const major = version.exec(userAgent)?.[1];
    if (major) return `${family} ${major}`;
  }
  return undefined;
}

function typeOf(userAgent: string): Device["type"] {
  // An Android tablet says Android without Mobile: https://developer.chrome.com/docs/multidevice/user-agent
  if (/\biPad\b|\bTablet\b|\bAndroid\b(?!.*\bMobile\b)/.test(userAgent)) return "tablet";
  return /\bMobi|\biPhone\b|\biPod\b/.test(userAgent) ? "mobile" : "desktop";
}
