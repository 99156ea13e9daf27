/** What has been said on this page: an event that is wrong is wrong each time. */
export const said = /* @__PURE__ */ new Set<string>();

/**
 * Tells the developer about a mistake in the page's own code, each mistake once. Silent, and not even in the bundle, in
 * production.
 */
export function warn(message: string, detail?: unknown): undefined {
  try {
    // Written out so that bundlers can replace it.
    if (process.env.NODE_ENV !== "production") {
      const mistake = `${message} ${detail instanceof Error ? detail.message : ""}`;
      if (said.has(mistake)) return;
      said.add(mistake);
      // biome-ignore lint/suspicious/noConsole: the console is where a developer looks, and nobody else sees it.
      console.warn(`Tallymark: ${message}`, detail);
    }
  } catch {
    // Without a bundler there is no `process`: nothing says that this is development.
  }
}
