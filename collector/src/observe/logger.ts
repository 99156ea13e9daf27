import { type Logger, pino, stdTimeFunctions } from "pino";

export type { Logger };

/**
 * One JSON object a line on standard output. What goes in is ours alone: route templates, codes and counts, never an
 * address, a user agent, a URL or a part of a body.
 */
export function createLogger(level: string): Logger {
  return pino({
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  });
}

/** An error as it may be logged: without its message, which may quote what a visitor sent. */
export function describeError(error: unknown): { readonly name: string; readonly code?: string; readonly at?: string } {
  if (!(error instanceof Error)) return { name: typeof error };
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  // The stack repeats the message, which may look like a frame itself: frames are read behind it.
  const frames = error.stack?.slice(error.stack.indexOf(error.message) + error.message.length);
  const at = frames?.split("\n").find((line) => line.startsWith("    at "));
  return { name: error.name, ...(code && { code }), ...(at && { at: at.trim() }) };
}
