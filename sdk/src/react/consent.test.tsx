import { act, cleanup, render } from "@testing-library/react";
import { type ReactNode, StrictMode, useEffect } from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fakeCollector } from "../../test/fake-collector.ts";
import type { Tallymark, TallymarkOptions } from "../core/options.ts";
import { TallymarkProvider } from "./tallymark-provider.tsx";
import { useAutoBeacons } from "./use-auto-beacons.ts";
import { useTallymark } from "./use-tallymark.ts";

const DENIED = { consent: "denied" } as const;

let client: Tallymark;
let collector: ReturnType<typeof fakeCollector>;

function App() {
  client = useTallymark();
  useAutoBeacons();
  return <p>app</p>;
}

function app(options: Partial<TallymarkOptions>, child: ReactNode = <App />) {
  return (
    <StrictMode>
      <TallymarkProvider options={{ endpoint: "https://stats.example.com", ...options }}>{child}</TallymarkProvider>
    </StrictMode>
  );
}

/** Names of all events that have arrived. */
async function arrived(): Promise<readonly string[]> {
  await client.flush();
  return collector.events().map(({ event }) => event);
}

/** Past the microtask in which an unmounted client stops. */
const settled = () => act(async () => {});

beforeEach(() => {
  localStorage.clear();
  history.replaceState(null, "", "/");
  collector = fakeCollector();
});

afterEach(async () => {
  cleanup();
  await settled();
  document.body.replaceChildren();
  Reflect.deleteProperty(navigator, "globalPrivacyControl");
  vi.unstubAllGlobals();
});

function askForPrivacy(): void {
  Object.defineProperty(navigator, "globalPrivacyControl", { configurable: true, value: true });
}

describe("useAutoBeacons, as the visitor decides,", () => {
  it("counts nothing while they refuse, and the page once when they agree", async () => {
    render(app(DENIED));
    await settled();
    act(() => history.pushState(null, "", "/later"));
    expect(await arrived()).toEqual([]);
    expect(localStorage).toHaveLength(0);
    act(() => client.optIn());
    expect(await arrived()).toEqual(["page_view"]);
    expect(collector.events()[0]?.url).toBe("/later");
    act(() => history.pushState(null, "", "/next"));
    expect((await arrived()).filter((name) => name === "page_view")).toHaveLength(2);
  });

  it("does so where the browser asks for privacy", async () => {
    askForPrivacy();
    render(app({}));
    await settled();
    expect(await arrived()).toEqual([]);
    act(() => client.optIn());
    expect(await arrived()).toEqual(["page_view"]);
  });

  it.each([
    ["have agreed before", {}],
    ["have not been asked yet", { consent: "pending" }],
  ] as const)("counts the page once where they %s", async (_, options) => {
    render(app(options));
    await settled();
    act(() => client.optIn());
    act(() => client.optIn());
    expect(await arrived()).toEqual(["page_view"]);
  });

  it("stops when they refuse, and counts the page once more when they change their mind", async () => {
    render(app({}));
    await settled();
    expect(await arrived()).toEqual(["page_view"]);
    act(() => client.optOut());
    act(() => history.pushState(null, "", "/secret"));
    expect(await arrived()).toEqual(["page_view"]);
    act(() => client.optIn());
    expect(await arrived()).toEqual(["page_view", "page_view"]);
  });

  it("is not too early for a child that agrees or refuses in its first effect", async () => {
    const { unmount } = render(app(DENIED, [<App key="app" />, <Decides key="child" as="optIn" />]));
    await settled();
    expect(await arrived()).toEqual(["page_view"]);
    unmount();
    await settled();
    collector.requests.splice(0);
    render(app({}, [<App key="app" />, <Decides key="child" as="optOut" />]));
    await settled();
    expect(await arrived()).toEqual([]);
  });

  it("counts the page once after they agree on a page that was rendered on a server", async () => {
    const container = document.createElement("div");
    container.innerHTML = renderToString(app(DENIED));
    document.body.append(container);
    const root = await act(async () => hydrateRoot(container, app(DENIED)));
    expect(await arrived()).toEqual([]);
    act(() => client.optIn());
    expect(await arrived()).toEqual(["page_view"]);
    await act(async () => root.unmount());
  });

  it("counts nothing for a component that is gone by then", async () => {
    const { rerender } = render(app(DENIED));
    await settled();
    rerender(app(DENIED, <Decides as="flush" />));
    await settled();
    act(() => client.optIn());
    expect(await arrived()).toEqual([]);
  });
});

function Decides({ as }: { readonly as: "optIn" | "optOut" | "flush" }) {
  const tallymark = useTallymark();
  useEffect(() => void tallymark[as](), [tallymark, as]);
  return null;
}
