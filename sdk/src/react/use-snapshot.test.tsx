import { cleanup, renderHook, waitFor } from "@testing-library/react";
import { type ReactNode, StrictMode } from "react";
import { renderToString } from "react-dom/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { HEALTHY, recentEvent, snapshotOf, stubCollector } from "../../test/dev-fixtures.ts";
import { stubClient } from "../../test/stub-client.ts";
import { TallymarkProvider } from "./tallymark-provider.tsx";
import { useSnapshot } from "./use-snapshot.ts";

const client = stubClient();

const wrapper = ({ children }: { children: ReactNode }) => (
  <StrictMode>
    <TallymarkProvider client={client} endpoint="https://stats.example.com">
      {children}
    </TallymarkProvider>
  </StrictMode>
);

function Status() {
  return useSnapshot({ endpoint: "" }).status;
}

afterEach(async () => {
  cleanup();
  await Promise.resolve();
  vi.unstubAllGlobals();
});

describe("useSnapshot", () => {
  it("goes from loading to live at the provider's endpoint, flushing its client", async () => {
    const snapshot = snapshotOf(recentEvent());
    const { fetch, polls } = stubCollector({ snapshot });
    const { result } = renderHook(() => useSnapshot(), { wrapper });
    expect(result.current.status).toBe("loading");
    await waitFor(() => expect(result.current).toEqual({ status: "live", snapshot, health: HEALTHY }));
    expect(String(fetch.mock.calls[0]?.[0])).toMatch(/^https:\/\/stats\.example\.com\//);
    expect(polls()).toBe(1);
    expect(client.flush).toHaveBeenCalled();
  });

  it("says what went wrong", async () => {
    stubCollector({ status: 401 });
    const { result } = renderHook(() => useSnapshot(), { wrapper });
    await waitFor(() => expect(result.current.status).toBe("error"));
    expect(result.current.error?.message).toContain("pass the read token");
  });

  it("asks nothing, and is idle, while not enabled", async () => {
    const { fetch } = stubCollector();
    const { result, rerender } = renderHook(({ enabled }) => useSnapshot({ enabled }), {
      wrapper,
      initialProps: { enabled: false },
    });
    await Promise.resolve();
    expect(result.current).toEqual({ status: "idle" });
    expect(fetch).not.toHaveBeenCalled();
    rerender({ enabled: true });
    await waitFor(() => expect(result.current.status).toBe("live"));
  });

  it("uses an endpoint and a token of its own", async () => {
    const { fetch } = stubCollector();
    renderHook(() => useSnapshot({ endpoint: "https://other.example.com", token: "t" }), { wrapper });
    await waitFor(() => expect(fetch).toHaveBeenCalled());
    expect(String(fetch.mock.calls[0]?.[0])).toMatch(/^https:\/\/other\.example\.com\//);
    expect(fetch.mock.calls[0]?.[1]?.headers).toEqual({ Authorization: "Bearer t" });
  });

  it("is loading on a server", () => {
    const { fetch } = stubCollector();
    expect(renderToString(<Status />)).toBe("loading");
    expect(fetch).not.toHaveBeenCalled();
  });
});
