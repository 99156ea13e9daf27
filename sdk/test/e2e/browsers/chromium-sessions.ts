import type { CdpConnection, CdpEvent } from "./cdp-connection.ts";
import { poll } from "./poll.ts";

interface TargetInfo {
  readonly targetId: string;
  readonly type: string;
  /** `prerender` while the visitor does not see it. */
  readonly subtype?: string;
}

/** The debugger's sessions with one tab: a page that is prerendered has its own, and it replaces the one before. */
export interface TabSessions {
  /** Id of the tab's target. */
  readonly targetId: string;
  /** Session of the page that the visitor sees. */
  page(): Promise<string>;
  /** Resolves when the tab is gone. */
  readonly detached: Promise<void>;
  /** Resolves when a page's process has died. */
  readonly crashed: Promise<void>;
  readonly complaints: readonly string[];
  detach(): Promise<void>;
}

/** Follows a tab. */
export async function attachToTab(cdp: CdpConnection, targetId: string): Promise<TabSessions> {
  const pages = new Map<string, TargetInfo>();
  const complaints: string[] = [];
  let onDetached = (): void => {};
  let onCrashed = (): void => {};
  const detached = new Promise<void>((resolve) => (onDetached = resolve));
  const crashed = new Promise<void>((resolve) => (onCrashed = resolve));

  const { sessionId: tabSession } = await cdp.send<{ sessionId: string }>("Target.attachToTarget", {
    targetId,
    flatten: true,
  });
  cdp.onEvent(({ method, params, sessionId }) => {
    const info = params.targetInfo as TargetInfo | undefined;
    const session = `${params.sessionId}`;
    if (method === "Target.attachedToTarget" && sessionId === tabSession && info?.type === "page") {
      pages.set(session, info);
      for (const domain of ["Runtime", "Log"]) cdp.send(`${domain}.enable`, {}, session).catch(() => {});
    }
    if (method === "Target.detachedFromTarget") {
      pages.delete(session);
      if (session === tabSession) onDetached();
    }
    if (method === "Target.targetInfoChanged" && info) {
      for (const [id, { targetId: known }] of pages) if (known === info.targetId) pages.set(id, info);
    }
    if (sessionId && pages.has(sessionId)) {
      if (method === "Inspector.targetCrashed") onCrashed();
      const complaint = complaintOf({ method, params });
      if (complaint) complaints.push(complaint);
    }
  });
  await cdp.send(
    "Target.setAutoAttach",
    { autoAttach: true, waitForDebuggerOnStart: false, flatten: true },
    tabSession,
  );

  return {
    targetId,
    page: () => poll("a page in the tab", () => [...pages].filter(([, { subtype }]) => !subtype).pop()?.[0]),
    detached,
    crashed,
    complaints,
    async detach() {
      await cdp.send("Target.detachFromTarget", { sessionId: tabSession });
    },
  };
}

/** What an event says that a developer would see in red on the console. */
function complaintOf({ method, params }: CdpEvent): string | undefined {
  const { entry, exceptionDetails, type, args } = params as {
    readonly entry?: { readonly level: string; readonly source: string; readonly text: string };
    readonly exceptionDetails?: { readonly text: string; readonly exception?: { readonly description?: string } };
    readonly type?: string;
    readonly args?: readonly { readonly value?: unknown; readonly description?: string }[];
  };
  if (method === "Runtime.exceptionThrown") return exceptionDetails?.exception?.description ?? exceptionDetails?.text;
  if (method === "Runtime.consoleAPICalled" && type === "error") return JSON.stringify(args);
  if (entry?.level === "error" && !["network", "javascript"].includes(entry.source))
    return `${entry.source}: ${entry.text}`;
  return undefined;
}
