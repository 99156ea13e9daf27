import { act, cleanup, renderHook } from "@testing-library/react";
import { type ReactNode, StrictMode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { stubClient } from "../../test/stub-client.ts";
import type { AutoBeaconsOptions } from "../beacons/auto-beacons.ts";
import { TallymarkProvider } from "./tallymark-provider.tsx";
import { useAutoBeacons } from "./use-auto-beacons.ts";

const client = stubClient();

const wrapper = ({ children }: { children: ReactNode }) => (
  <StrictMode>
    <TallymarkProvider client={client}>{children}</TallymarkProvider>
  </StrictMode>
);

const tracked = () => client.track.mock.calls.map(([name]) => name);
const navigate = (path: string) => act(async () => history.pushState(null, "", path));

beforeEach(() => history.replaceState(null, "", "/"));

afterEach(async () => {
  cleanup();
  await Promise.resolve();
  vi.clearAllMocks();
});

describe("useAutoBeacons", () => {
  it("sends one page view per load and per navigation, in StrictMode", async () => {
    renderHook(() => useAutoBeacons(), { wrapper });
    await Promise.resolve();
    expect(tracked()).toEqual(["page_view"]);
    await navigate("/next");
    expect(tracked()).toEqual(["page_view", "page_view"]);
  });

  it("does not restart for options that are equal by value", async () => {
    const { rerender } = renderHook(
      () => useAutoBeacons({ pageViews: { path: () => location.pathname }, linkClicks: false }),
      {
        wrapper,
      },
    );
    rerender();
    rerender();
    await Promise.resolve();
    expect(tracked()).toEqual(["page_view"]);
  });

  it("restarts for options that differ, and leaves nothing of the old", async () => {
    const { rerender } = renderHook((options: AutoBeaconsOptions) => useAutoBeacons(options), {
      wrapper,
      initialProps: {},
    });
    rerender({ pageViews: false });
    await Promise.resolve();
    await navigate("/next");
    expect(tracked()).toEqual(["page_view"]);
  });

  it("lets the page live when a beacon throws", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    client.track.mockImplementationOnce(() => {
      throw new Error("broken beacon");
    });
    const { result } = renderHook(() => useAutoBeacons() ?? "rendered", { wrapper });
    expect(result.current).toBe("rendered");
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });

  it("captures nothing more once unmounted", async () => {
    const { unmount } = renderHook(() => useAutoBeacons(), { wrapper });
    unmount();
    await Promise.resolve();
    await navigate("/next");
    expect(tracked()).toEqual(["page_view"]);
  });
});
