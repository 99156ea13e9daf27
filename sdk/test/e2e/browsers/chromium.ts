import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { BARE, type Chromium, findChromium } from "../launch-browser.ts";
import { connectCdp } from "./cdp-connection.ts";
import { newChromiumProfile } from "./chromium-profile.ts";
import { ended } from "./ended.ts";
import type { Engine, TestBrowser } from "./test-browser.ts";

/** The Chromium of this machine; there always is one. */
export async function chromiumEngine(): Promise<Engine> {
  const chromium = await findChromium();
  return {
    name: "Chromium",
    executablePath: chromium.executablePath,
    // The shell's delegate refuses the cache, whatever its flags say: "BackForwardCacheDisabledForDelegate".
    features: { backForwardCache: !chromium.isShell, prerender: true, fetchLater: true, hiddenTabs: !chromium.isShell },
    launch: () => launch(chromium),
  };
}

async function launch({ executablePath, args, isShell }: Chromium): Promise<TestBrowser> {
  const folder = mkdtempSync(join(tmpdir(), "tallymark-chromium-"));
  // Opens chrome://discards, which is how a tab is discarded.
  writeFileSync(join(folder, "Local State"), JSON.stringify({ internal_only_uis_enabled: true }));
  const headless = isShell ? [] : ["--headless=new"];
  const child = spawn(
    executablePath,
    [
      ...args,
      ...headless,
      "--disable-breakpad",
      "--enable-features=SoftNavigationHeuristics",
      "--remote-debugging-pipe",
      `--user-data-dir=${folder}`,
      "about:blank",
    ],
    { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"], env: BARE },
  );
  const [, , , input, output] = child.stdio as unknown as [null, null, null, Writable, Readable];
  const cdp = connectCdp(input, output);
  await cdp.send("Browser.getVersion");
  return {
    newProfile: () => newChromiumProfile(cdp),
    async close() {
      await cdp.send("Browser.close").catch(() => {});
      await ended(child);
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
  };
}
