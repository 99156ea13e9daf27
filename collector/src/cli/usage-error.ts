/** The command line was wrong; the message is one sentence with the next step. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
