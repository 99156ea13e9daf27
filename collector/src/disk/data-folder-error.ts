/** The data folder cannot be used. The message is one sentence with the path, the reason and the fix. */
export class DataFolderError extends Error {
  override readonly name = "DataFolderError";
}

const REASONS: { readonly [code: string]: string } = {
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "it is on a read-only file system",
  ENOTDIR: "a part of the path is a file, not a folder",
  EEXIST: "a file of that name is in the way",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  ENOENT: "it does not exist",
  EMFILE: "too many files are open",
};

/** What an error code of the file system means, in words an operator can act on. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error);
  return REASONS[code] ?? code;
}

/** The error code of the file system, such as `ENOSPC`; `"unknown"` where there is none. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "unknown";
}
