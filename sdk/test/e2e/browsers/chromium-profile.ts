import type { CdpConnection } from "./cdp-connection.ts";
import { type ChromiumTab, openChromiumTab } from "./chromium-tab.ts";
import type { Profile } from "./test-browser.ts";

/** A browser context of its own. */
export async function newChromiumProfile(cdp: CdpConnection): Promise<Profile> {
  const { browserContextId } = await cdp.send<{ browserContextId: string }>("Target.createBrowserContext");
  const tabs: ChromiumTab[] = [];
  let isOffline = false;

  return {
    async open(url) {
      const tab = await openChromiumTab(cdp, browserContextId);
      tabs.push(tab);
      if (isOffline) await tab.setOffline(true);
      await tab.goto(url);
      return tab;
    },
    async setOffline(offline) {
      isOffline = offline;
      await Promise.all(tabs.map((tab) => tab.setOffline(offline)));
    },
    complaints: async () => tabs.flatMap((tab) => tab.complaints()),
    async close() {
      await cdp.send("Target.disposeBrowserContext", { browserContextId });
    },
  };
}
