import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmdirSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { tempFolder } from "../temp-folder.ts";

/**
 * Whether this process may mount file systems: root on a machine of its own may, an ordinary user and most containers may
 * not. Where it may not, the tests that need one make the same errors in the layer all file access goes through.
 */
export const canMount = mayMount();

/** Loop devices, or ext4 tools, are missing in many containers that may mount all the same. */
export const canMountImages =
  canMount && spawnSync("losetup", ["--find"]).status === 0 && spawnSync("mkfs.ext4", ["-V"]).status === 0;

/** A disk of so many bytes, for the test it is called in. */
export function mountSmallDisk(bytes: number): string {
  const folder = tempFolder();
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", folder]);
  unmountLater(folder);
  return folder;
}

/** A real ext4, which after `breakDisk` is read-only under open files, as the kernel makes it after an error of the disk. */
export function mountImage(): { readonly folder: string; breakDisk(): void; repairDisk(): void } {
  const home = tempFolder();
  const image = join(home, "image");
  const folder = join(home, "mounted");
  mkdirSync(folder);
  writeFileSync(image, "");
  truncateSync(image, 16 * 1024 * 1024);
  execFileSync("mkfs.ext4", ["-q", image]);
  execFileSync("mount", ["-o", "loop", image, folder]);
  unmountLater(folder);
  return {
    folder,
    breakDisk() {
      execFileSync("mount", ["-o", "remount,abort", folder]);
    },
    repairDisk() {
      // As an administrator would, with a copy of the disk: the process keeps its open files on the broken one.
      copyFileSync(image, `${image}.copy`);
      execFileSync("umount", ["--lazy", folder]);
      execFileSync("mount", ["-o", "loop", `${image}.copy`, folder]);
    },
  };
}

function unmountLater(folder: string): void {
  onTestFinished(() => void spawnSync("umount", ["--lazy", folder]));
}

function mayMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "tallymark-"));
  const isMounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]).status === 0;
  if (isMounted) spawnSync("umount", [folder]);
  else process.stderr.write("No file system may be mounted here: disks fail in the disk layer only.\n");
  rmdirSync(folder);
  return isMounted;
}
