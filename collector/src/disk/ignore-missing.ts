import { codeOf } from "./data-folder-error.ts";

/** For `.catch`: `undefined` where a file is not there; any other error is thrown on. */
export function ignoreMissing(error: unknown): undefined {
  if (codeOf(error) !== "ENOENT") throw error;
}
