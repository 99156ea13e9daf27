import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import sparticuz from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright-core";

/** Keep a browser from calling home: this test speaks to loopback only. */
const QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];

/** A machine that was never told its language: there `navigator.language` is `en-US@posix`, which cost us events once. */
const BARE = { ...process.env, LC_ALL: "C" };

/**
 * Meant for a cloud function that loads one page: the first two end the browser with its first context, the third would
 * hide faults of ours in CORS.
 */
const UNWANTED = new Set(["--single-process", "--no-zygote", "--disable-web-security"]);

/** Starts `CHROMIUM_PATH`, else an installed Chromium or Chrome, else the one that npm has installed. */
export async function launchBrowser(): Promise<Browser> {
  const installed = process.env.CHROMIUM_PATH ?? findOnPath(["chromium", "google-chrome", "chromium-browser"]);
  // Chromium's sandbox refuses to run as root.
  const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const args = [...QUIET, "--disable-dev-shm-usage", ...asRoot];
  if (installed) return chromium.launch({ executablePath: installed, args, env: BARE });
  const npmArgs = sparticuz.args.filter((arg) => !UNWANTED.has(arg));
  const executablePath = await sparticuz.executablePath();
  return chromium.launch({ executablePath, args: [...npmArgs, ...QUIET], env: BARE });
}

function findOnPath(names: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}
