const KEY = "saltmarsh_counting";

/** What this visitor has said before. Tallymark keeps nothing of somebody who refuses, so the shop has to remember it. */
export function readConsent(): "granted" | "denied" {
  try {
    return localStorage.getItem(KEY) === "off" ? "denied" : "granted";
  } catch {
    // Storage is blocked.
    return "granted";
  }
}

/** Remembers it for the next page load, where storage is not blocked. */
export function rememberConsent(isGranted: boolean): void {
  try {
    if (isGranted) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, "off");
  } catch {}
}
