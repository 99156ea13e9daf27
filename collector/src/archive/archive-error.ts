import { codeOf } from "../disk/data-folder-error.ts";
import type { Answer } from "./send.ts";

/** A file did not get into the archive; it is kept and tried again. Neither code nor message holds an address or a key. */
export class ArchiveError extends Error {
  override readonly name = "ArchiveError";
  /** What a log shows, such as `403 SignatureDoesNotMatch` or `ECONNREFUSED`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Of any answer but 200: S3 tells what is wrong in a short XML text. */
export function errorOfAnswer({ status, text }: Answer): ArchiveError {
  const reason = /<Code>(\w{1,64})<\/Code>/.exec(text)?.[1];
  const code = reason ? `${status} ${reason}` : `${status}`;
  return new ArchiveError(code, `the bucket answered ${code}`);
}

/** For `.catch`, where no answer came. */
export function errorOfNetwork(error: unknown): never {
  const code = codeOf(error);
  throw new ArchiveError(code, `the bucket cannot be reached: ${code}`);
}
