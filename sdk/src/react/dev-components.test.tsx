import { act, cleanup, render } from "@testing-library/react";
import { StrictMode } from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { stubCollector } from "../../test/dev-fixtures.ts";
import { stubClient } from "../../test/stub-client.ts";
import { readDevMode } from "../dev/guard.ts";
import { DebugPanel } from "./debug-panel.ts";
import { MetricsBadge } from "./metrics-badge.ts";
import { PrivilegedOnly } from "./privileged-only.ts";
import { TallymarkProvider } from "./tallymark-provider.tsx";

const client = stubClient();

const badge = () => document.querySelector("tallymark-badge");
const panel = () => document.querySelector("tallymark-panel");

function switchTo(mode: "0" | "1"): void {
  history.replaceState(null, "", `/?dev=${mode}`);
}

afterEach(async () => {
  cleanup();
  switchTo("0");
  readDevMode({ track() {} });
  await Promise.resolve();
  document.body.replaceChildren();
  vi.clearAllMocks();
  vi.unstubAllGlobals();
});

describe("MetricsBadge and DebugPanel", () => {
  it("work together with nothing but a provider", async () => {
    stubCollector();
    render(
      <StrictMode>
        <TallymarkProvider client={client} endpoint="https://stats.example.com">
          <MetricsBadge />
          <DebugPanel />
        </TallymarkProvider>
      </StrictMode>,
    );
    expect(badge()?.getAttribute("endpoint")).toBe("https://stats.example.com");
    expect([badge()?.client, panel()?.client]).toEqual([client, client]);
    await vi.waitFor(() => expect(badge()?.shadowRoot?.textContent).toContain("live"));
    expect(panel()?.hasAttribute("open")).toBe(false);
    act(() => badge()?.shadowRoot?.querySelector("button")?.click());
    expect(panel()?.hasAttribute("open")).toBe(true);
  });

  it("pass their props on as attributes, and take them away again", () => {
    stubCollector();
    const { rerender } = render(<MetricsBadge endpoint="https://a.example.com" token="t" intervalMs={500} inline />);
    expect(badge()?.getAttributeNames().sort()).toEqual([
      "data-tallymark-ignore",
      "endpoint",
      "inline",
      "interval-ms",
      "token",
    ]);
    rerender(<MetricsBadge endpoint="https://b.example.com" />);
    expect(badge()?.getAttributeNames().sort()).toEqual(["data-tallymark-ignore", "endpoint"]);
    expect(badge()?.getAttribute("endpoint")).toBe("https://b.example.com");
  });

  it("follow `open` when it changes, and tell of each change", () => {
    stubCollector();
    const told: boolean[] = [];
    const show = (open: boolean) => (
      <DebugPanel endpoint="https://a.example.com" open={open} onOpenChange={(now) => told.push(now)} />
    );
    const { rerender } = render(show(true));
    expect(panel()?.hasAttribute("open")).toBe(true);
    act(() => panel()?.shadowRoot?.querySelector<HTMLElement>("[aria-label=Close]")?.click());
    expect(panel()?.hasAttribute("open")).toBe(false);
    rerender(show(false));
    rerender(show(true));
    expect(panel()?.hasAttribute("open")).toBe(true);
    expect(told).toEqual([true, false, true]);
  });

  it("put no token into HTML made on a server", () => {
    const html = renderToString(<DebugPanel endpoint="https://a.example.com" token="s3cret" open />);
    expect(html).toBe('<tallymark-panel data-tallymark-ignore=""></tallymark-panel>');
  });
});

describe("PrivilegedOnly", () => {
  const app = (
    <StrictMode>
      <TallymarkProvider client={client}>
        <PrivilegedOnly>
          <p>for developers</p>
        </PrivilegedOnly>
      </TallymarkProvider>
    </StrictMode>
  );

  it("renders nothing while developer mode is off", () => {
    expect(render(app).container.childNodes).toHaveLength(0);
    expect(client.track).not.toHaveBeenCalled();
  });

  it("renders its children while it is on, and tells the client once", () => {
    switchTo("1");
    expect(render(app).container.textContent).toBe("for developers");
    expect(client.track.mock.calls).toEqual([["dev_mode_enabled"]]);
  });

  it("renders nothing on a server, and hydrates without a mismatch", async () => {
    switchTo("1");
    expect(renderToString(app)).toBe("");
    const container = document.createElement("div");
    document.body.append(container);
    const onRecoverableError = vi.fn();
    const root = await act(async () => hydrateRoot(container, app, { onRecoverableError }));
    expect(container.textContent).toBe("for developers");
    expect(onRecoverableError).not.toHaveBeenCalled();
    await act(async () => root.unmount());
  });
});
