import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BARE, findOnPath, NOWHERE } from "../launch-browser.ts";
import { ended } from "./ended.ts";
import { newFirefoxProfile } from "./firefox-profile.ts";
import { createFirefoxWindow } from "./firefox-window.ts";
import { connectMarionette } from "./marionette-connection.ts";
import { poll } from "./poll.ts";
import type { Engine, TestBrowser } from "./test-browser.ts";

const PREFERENCES = {
  "app.update.disabledForTesting": true,
  "browser.startup.homepage_override.mstone": "ignore",
  "browser.tabs.crashReporting.sendReport": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "marionette.port": 0,
  "privacy.userContext.enabled": true,
  // A fresh profile calls home for updates, add-ons, search and more. Nobody listens there; loopback needs no proxy.
  "network.proxy.type": 1,
  "network.proxy.http": NOWHERE.host,
  "network.proxy.http_port": NOWHERE.port,
  "network.proxy.ssl": NOWHERE.host,
  "network.proxy.ssl_port": NOWHERE.port,
  "network.proxy.failover_direct": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  // Offline means loopback too.
  "network.disable-localhost-when-offline": true,
};

const START_TIMEOUT_MS = 30_000;

/** The Firefox of this machine, where it has one: `FIREFOX_PATH`, else an installed one. */
export function firefoxEngine(): Engine {
  const executablePath = process.env.FIREFOX_PATH ?? findOnPath(["firefox", "firefox-esr"]);
  return {
    name: "Firefox",
    executablePath,
    features: { backForwardCache: true, prerender: false, fetchLater: false, hiddenTabs: true },
    launch: () => launch(executablePath ?? "firefox"),
  };
}

async function launch(executablePath: string): Promise<TestBrowser> {
  const folder = mkdtempSync(join(tmpdir(), "tallymark-firefox-"));
  const lines = Object.entries(PREFERENCES).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`);
  writeFileSync(join(folder, "user.js"), lines.join("\n"));
  const child = spawn(
    executablePath,
    ["--headless", "--no-remote", "--marionette", "--remote-allow-system-access", "--profile", folder, "about:blank"],
    { stdio: "ignore", env: { ...BARE, HOME: folder } },
  );
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  const readPort = () => Number(readFileSync(join(folder, "MarionetteActivePort"), "utf8"));
  const marionette = await connectMarionette(await poll("Firefox to start", readPort, START_TIMEOUT_MS));
  const window = await createFirefoxWindow(marionette);
  let profiles = 0;
  return {
    newProfile: async () => newFirefoxProfile(window, ++profiles),
    async close() {
      await marionette.send("Marionette:Quit", { flags: ["eForceQuit"] }).catch(() => {});
      marionette.close();
      await ended(child);
      process.off("exit", end);
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
  };
}
