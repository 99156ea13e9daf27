import type { Tallymark } from "../core/options.ts";

const KEY = "tallymark_dev";
const COOKIE_MAX_AGE_SECONDS = 30 * 86_400;

/** Changes nobody was told of yet: the guard may be read before there is a client to tell. */
const unreported: ("dev_mode_enabled" | "dev_mode_disabled")[] = [];

/** Stands in for cookie and localStorage, one of which usually works; lasts as long as the page. */
let isRemembered = false;

/**
 * Whether this browser is in developer mode. `?dev=1` in the page's address switches it on, `?dev=0` off; the choice is
 * kept for 30 days in a first-party cookie and in localStorage, both named `tallymark_dev`, and either one counts as on.
 * Nothing is kept for a visitor who never used the switch. Always false outside a browser, and never throws.
 *
 * **This only shows or hides developer tools. It is not security**: anybody may add `?dev=1` to an address. What must
 * stay private belongs behind the collector's read token.
 *
 * @param client is told of a change, once: `dev_mode_enabled` or `dev_mode_disabled`. A change seen without a client is
 * told to the first client given later on the same page.
 */
export function readDevMode(client?: Pick<Tallymark, "track">): boolean {
  if (typeof document === "undefined") return false;
  const wasOn = isRemembered || readStorage() || readCookie();
  const isOn = requestedMode() ?? wasOn;
  if (requestedMode() !== undefined) remember(isOn);
  if (isOn !== wasOn) unreported.push(isOn ? "dev_mode_enabled" : "dev_mode_disabled");
  if (client) for (const name of unreported.splice(0)) client.track(name);
  return isOn;
}

function requestedMode(): boolean | undefined {
  const value = new URLSearchParams(location.search).get("dev");
  return value === "1" ? true : value === "0" ? false : undefined;
}

function remember(isOn: boolean): void {
  isRemembered = isOn;
  // Both may throw: localStorage where storage is blocked, the cookie in a sandboxed frame.
  try {
    if (isOn) localStorage.setItem(KEY, "1");
    else localStorage.removeItem(KEY);
  } catch {}
  try {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    const maxAge = isOn ? COOKIE_MAX_AGE_SECONDS : -1;
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is asynchronous and only on https.
    document.cookie = `${KEY}=${isOn ? "1" : ""}; Path=/; Max-Age=${maxAge}; SameSite=Lax${secure}`;
  } catch {}
}

function readStorage(): boolean {
  try {
    return localStorage.getItem(KEY) === "1";
  } catch {
    return false;
  }
}

function readCookie(): boolean {
  try {
    return document.cookie.split("; ").includes(`${KEY}=1`);
  } catch {
    return false;
  }
}
