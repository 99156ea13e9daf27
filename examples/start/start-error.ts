/** The demo cannot start. The message says why and what to do next, in one sentence; no stack is of help. */
export class StartError extends Error {
  override readonly name = "StartError";
}
