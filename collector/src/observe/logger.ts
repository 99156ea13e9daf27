import { destination, type Logger, pino, stdTimeFunctions } from "pino";

export type { Logger };

/** Log lines that wait while standard output takes none; what comes beyond is dropped. */
const MAX_WAITING_BYTES = 65_536;

/**
 * One JSON object a line on standard output. A log that cannot be written, because it is a file on the disk that is full
 * or its reader has gone, stops nothing: it goes on once it can be. What goes in is ours alone: route templates, codes and counts, never an
 * address, a user agent, a URL or a part of a body.
 */
export function createLogger(level: string): Logger {
  const stdout = destination({ fd: 1, sync: true, maxLength: MAX_WAITING_BYTES });
  // Without a listener the error is thrown into whoever logs: the very code that deals with the full disk.
  stdout.on("error", () => {});
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    stdout,
  );
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
