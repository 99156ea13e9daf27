import { firefoxInput } from "./firefox-input.ts";
import type { FirefoxWindow } from "./firefox-window.ts";
import { goBack } from "./go-back.ts";
import { poll } from "./poll.ts";
import type { Tab } from "./test-browser.ts";

let opened = 0;

/** Tabs are opened one after the other: a new one is known by not having been there before. */
let last: Promise<unknown> = Promise.resolve();

/** Opens an empty tab of a container, in front of the others. */
export async function openFirefoxTab(window: FirefoxWindow, container: number): Promise<Tab> {
  const name = `tab-${++opened}`;
  const added = last.then(async () => {
    const before = await window.handles();
    await window.inBrowser(
      `const triggeringPrincipal = Services.scriptSecurityManager.getSystemPrincipal();
       gBrowser.selectedTab = gBrowser.addTab("about:blank", { userContextId: arguments[0], triggeringPrincipal });
       gBrowser.selectedTab.testName = arguments[1];`,
      container,
      name,
    );
    return poll("the new tab", async () => (await window.handles()).find((id) => !before.includes(id)));
  });
  last = added.catch(() => {});
  const handle = await added;
  const withTab = <Result>(script: string): Promise<Result> =>
    window.inBrowser(`const tab = gBrowser.tabs.find(({ testName }) => testName === arguments[0]); ${script}`, name);

  const evaluate: Tab["evaluate"] = (work, argument) => window.inTab(handle, work, argument);

  const isLoaded = () => evaluate(() => document.readyState === "complete");

  return {
    evaluate,
    ...firefoxInput((...actions) => window.command(handle, "WebDriver:PerformActions", { actions })),
    goto: (url) => window.command(handle, "WebDriver:Navigate", { url }),
    back: () => goBack(evaluate),
    close: () => withTab("gBrowser.removeTab(tab)"),
    async kill() {
      const processId = await withTab<number>("return tab.linkedBrowser.browsingContext.currentWindowGlobal.osPid");
      process.kill(processId, "SIGKILL");
      await poll("the page to be gone", () =>
        window.inBrowser<boolean>(
          "return ChromeUtils.requestProcInfo().then(({ children }) => !children.some(({ pid }) => pid === arguments[0]))",
          processId,
        ),
      );
    },
    async discard() {
      await withTab("gBrowser.selectedTab = gBrowser.tabs[0]; gBrowser.discardBrowser(tab, true)");
      await poll("the tab to be discarded", () => withTab("return tab.hasAttribute('pending')"));
      return {
        async restore() {
          await withTab("gBrowser.selectedTab = tab");
          await poll("the tab to be restored", isLoaded);
        },
      };
    },
  };
}
