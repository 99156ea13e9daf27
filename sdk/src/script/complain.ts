/** A word to the developer, in production too: a script tag has no build that could tell. */
export function complain(message: string): void {
  // biome-ignore lint/suspicious/noConsole: the console is where a developer looks.
  console.warn(`Tallymark: ${message}`);
}
