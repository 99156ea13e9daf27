import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import sparticuz from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright-core";

/** Stands for everything that is not loopback: nobody listens on this port. */
export const NOWHERE = { host: "127.0.0.1", port: 9 };

/** Keep a browser from calling home: this test speaks to loopback only, which needs no proxy. */
const QUIET = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  `--proxy-server=${NOWHERE.host}:${NOWHERE.port}`,
];

/** A machine that was never told its language: there `navigator.language` is `en-US@posix`, which cost us events once. */
export const BARE = { ...process.env, LC_ALL: "C" };

/**
 * Meant for a cloud function that loads one page: the first two end the browser with its first context, the third would
 * hide faults of ours in CORS.
 */
const UNWANTED = new Set(["--single-process", "--no-zygote", "--disable-web-security"]);

export interface Chromium {
  readonly executablePath: string;
  readonly args: readonly string[];
  /** The one without a window system, which is all that npm has: no tab is ever in the background, and none is cached. */
  readonly isShell: boolean;
}

/** Names `CHROMIUM_PATH`, else an installed Chromium or Chrome, else the one that npm has installed. */
export async function findChromium(): Promise<Chromium> {
  const installed = process.env.CHROMIUM_PATH ?? findOnPath(["chromium", "google-chrome", "chromium-browser"]);
  // Chromium's sandbox refuses to run as root.
  const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const args = [...QUIET, "--disable-dev-shm-usage", ...asRoot];
  if (installed) return { executablePath: installed, args, isShell: installed.includes("headless") };
  const npmArgs = sparticuz.args.filter((arg) => !UNWANTED.has(arg));
  return { executablePath: await sparticuz.executablePath(), args: [...npmArgs, ...QUIET], isShell: true };
}

/** Starts the Chromium of this machine under playwright. */
export async function launchBrowser(): Promise<Browser> {
  const { executablePath, args } = await findChromium();
  return chromium.launch({ executablePath, args: [...args], env: BARE });
}

/** The first of these programs that `PATH` has. */
export function findOnPath(names: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}
