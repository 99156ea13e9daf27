import type { CdpConnection, CdpFields } from "./cdp-connection.ts";
import { chromiumInput } from "./chromium-input.ts";
import { attachToTab } from "./chromium-sessions.ts";
import { discardChromiumTab } from "./discard-chromium-tab.ts";
import { goBack } from "./go-back.ts";
import { poll } from "./poll.ts";
import type { Tab } from "./test-browser.ts";

export interface ChromiumTab extends Tab {
  complaints(): readonly string[];
  setOffline(isOffline: boolean): Promise<void>;
}

interface Evaluation {
  readonly result: { readonly value: never };
  readonly exceptionDetails?: { readonly text: string; readonly exception?: { readonly description?: string } };
}

/** Opens an empty tab. */
export async function openChromiumTab(cdp: CdpConnection, browserContextId: string): Promise<ChromiumTab> {
  const created = { url: "about:blank", browserContextId, forTab: true };
  const { targetId } = await cdp.send<{ targetId: string }>("Target.createTarget", created);
  let sessions = await attachToTab(cdp, targetId);

  const command = async <Result = CdpFields>(method: string, params?: CdpFields): Promise<Result> =>
    cdp.send<Result>(method, params, await sessions.page());

  const evaluate: Tab["evaluate"] = async (work, argument) => {
    const { result, exceptionDetails } = await command<Evaluation>("Runtime.evaluate", {
      expression: `(${work})(${JSON.stringify(argument)})`,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };

  const isLoaded = () => evaluate(() => document.readyState === "complete");

  return {
    evaluate,
    ...chromiumInput(command),
    async goto(url) {
      const { errorText } = await command("Page.navigate", { url });
      if (errorText) throw new Error(`${url}: ${errorText}`);
      await poll(`${url} to load`, isLoaded);
    },
    back: () => goBack(evaluate),
    async close() {
      await cdp.send("Target.closeTarget", { targetId: sessions.targetId });
      await sessions.detached;
    },
    async kill() {
      await command("Inspector.enable");
      // It never answers.
      command("Page.crash").catch(() => {});
      await sessions.crashed;
    },
    async discard() {
      const url = await evaluate(() => location.href);
      const { restore } = await discardChromiumTab(cdp, browserContextId, sessions, url);
      return {
        async restore() {
          sessions = await restore();
          await poll("the tab to be restored", isLoaded);
        },
      };
    },
    complaints: () => sessions.complaints,
    async setOffline(offline) {
      await command("Network.enable");
      const unlimited = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
      await command("Network.emulateNetworkConditions", { offline, ...unlimited });
    },
  };
}
