/** Tells the developer about a mistake in the page's own code. Silent, and not even in the bundle, in production. */
export function warn(message: string, detail?: unknown): undefined {
  try {
    // Written out so that bundlers can replace it.
    if (process.env.NODE_ENV !== "production") {
      // biome-ignore lint/suspicious/noConsole: the console is where a developer looks, and nobody else sees it.
      console.warn(`Tallymark: ${message}`, detail);
    }
  } catch {
    // Without a bundler there is no `process`: nothing says that this is development.
  }
}
