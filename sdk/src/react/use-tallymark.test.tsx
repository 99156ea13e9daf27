import { cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

beforeEach(() => vi.resetModules());

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe("useTallymark outside a provider", () => {
  it("gives a client that does nothing, and warns once", async () => {
    const { useTallymark } = await import("./use-tallymark.ts");
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const { result, rerender } = renderHook(() => useTallymark());
    rerender();
    expect(() => result.current.track("lost")).not.toThrow();
    await expect(result.current.sendEvent({ event: "lost" })).resolves.toEqual({ ok: false, error: "network" });
    expect(result.current.getVisitorId()).toBe("");
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.join(" ")).toContain("<TallymarkProvider>");
  });

  it("is silent in production", async () => {
    vi.stubEnv("NODE_ENV", "production");
    const { useTallymark } = await import("./use-tallymark.ts");
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    renderHook(() => useTallymark());
    expect(warn).not.toHaveBeenCalled();
  });
});
