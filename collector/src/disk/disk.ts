import { statSync } from "node:fs";
import {
  link,
  lstat,
  mkdir,
  open,
  readdir,
  readlink,
  rename,
  stat,
  statfs,
  symlink,
  unlink,
  utimes,
} from "node:fs/promises";

/**
 * The file system, as everything that touches the data folder uses it: `node:fs/promises`, and one look that does not
 * wait. All calls go through this one object, and file contents through the handles that its `open` returns, so that a
 * test can refuse, shorten, count or die at every one of them.
 */
export const disk = {
  link,
  lstat,
  mkdir,
  open,
  readdir,
  readlink,
  rename,
  stat,
  statfs,
  statSync,
  symlink,
  unlink,
  utimes,
};

export type { FileHandle } from "node:fs/promises";
