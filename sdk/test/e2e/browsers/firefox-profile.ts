import { openFirefoxTab } from "./firefox-tab.ts";
import type { FirefoxWindow } from "./firefox-window.ts";
import type { Profile, Tab } from "./test-browser.ts";

/**
 * A container, which has storage and cookies of its own.
 * @param container number of the container; each is used once
 */
export async function newFirefoxProfile(window: FirefoxWindow, container: number): Promise<Profile> {
  await window.inBrowser("Services.console.reset()");
  const setOffline = (isOffline: boolean) =>
    window.inBrowser<void>(
      `Services.io.offline = arguments[0];
       Services.obs.notifyObservers(null, "net:prune-all-connections");`,
      isOffline,
    );

  return {
    async open(url): Promise<Tab> {
      const tab = await openFirefoxTab(window, container);
      await tab.goto(url);
      return tab;
    },
    setOffline,
    complaints: () =>
      window.inBrowser<string[]>(
        `return Services.console.getMessageArray()
           .filter((message) => message instanceof Ci.nsIScriptError && /^http:/.test(message.sourceName))
           .filter(({ flags, category }) => !(flags & Ci.nsIScriptError.warningFlag) && !/CORS/.test(category))
           .map(({ category, errorMessage, sourceName }) => category + ": " + errorMessage + " " + sourceName)`,
      ),
    async close() {
      await setOffline(false);
      await window.inBrowser(
        "for (const tab of [...gBrowser.tabs]) if (tab.userContextId === arguments[0]) gBrowser.removeTab(tab)",
        container,
      );
    },
  };
}
