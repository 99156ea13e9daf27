import type { CdpConnection } from "./cdp-connection.ts";
import { attachToTab, type TabSessions } from "./chromium-sessions.ts";
import { poll } from "./poll.ts";

interface Target {
  readonly targetId: string;
  readonly type: string;
  readonly url: string;
  readonly browserContextId: string;
}

/**
 * Discards a tab through chrome://discards, which is what the browser's own memory saver calls. That page comes to the
 * front, for only a tab in the background can be discarded; and only one that has no debugger.
 * @param url what the tab shows
 */
export async function discardChromiumTab(
  cdp: CdpConnection,
  browserContextId: string,
  sessions: TabSessions,
  url: string,
): Promise<{ restore(): Promise<TabSessions> }> {
  const created = { url: "chrome://discards/", browserContextId, forTab: true };
  const { targetId } = await cdp.send<{ targetId: string }>("Target.createTarget", created);
  const tool = await attachToTab(cdp, targetId);
  await sessions.detach();
  await poll("the tab to be discarded", async () => {
    const expression = `(${discard})(${JSON.stringify(url)})`;
    const parameters = { expression, awaitPromise: true, returnByValue: true };
    const evaluation = await cdp.send<{ result: { value?: boolean } }>(
      "Runtime.evaluate",
      parameters,
      await tool.page(),
    );
    return evaluation.result.value;
  });

  return {
    async restore() {
      // The tab has a new target, for the old one was its page.
      const { targetInfos } = await cdp.send<{ targetInfos: Target[] }>("Target.getTargets", {
        filter: [{ type: "tab" }],
      });
      const discarded = targetInfos.find(
        (target) => target.browserContextId === browserContextId && target.url === url,
      );
      if (!discarded) throw new Error("the discarded tab is gone");
      await cdp.send("Target.activateTarget", { targetId: discarded.targetId });
      await cdp.send("Target.closeTarget", { targetId });
      return attachToTab(cdp, discarded.targetId);
    },
  };
}

/**
 * Runs in chrome://discards; the second time round it reports that the tab is gone. A text, because the test runner
 * rewrites the imports of functions. 0 means unloaded, 1 is the reason "urgent".
 */
const discard = `async (url) => {
  const { DetailsProvider } = await import("chrome://discards/discards.mojom-webui.js");
  const provider = DetailsProvider.getRemote();
  const { infos } = await provider.getTabDiscardsInfo();
  const tab = infos.find(({ tabUrl }) => tabUrl === url);
  if (tab.loadingState === 0) return true;
  await provider.discardById(tab.id, 1);
  return false;
}`;
