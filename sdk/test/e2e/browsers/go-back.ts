import { poll } from "./poll.ts";
import type { Tab } from "./test-browser.ts";

/** `Tab.back`. By the page's own history, because the drivers' commands wait for a load that a cached page does not have. */
export async function goBack(evaluate: Tab["evaluate"]): Promise<void> {
  const here = await evaluate(() => location.href);
  await evaluate(() => history.back());
  const isThere = (left: string) => location.href !== left && document.readyState === "complete";
  await poll("the page before", () => evaluate(isThere, here));
}
