import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readDevMode } from "./guard.ts";

const client = { track: vi.fn() };

function visit(path: string): void {
  history.replaceState(null, "", path);
}

beforeEach(() => {
  visit("/?dev=0");
  readDevMode(client);
  visit("/");
  client.track.mockClear();
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe("readDevMode", () => {
  it("is off, and keeps nothing, for a visitor who never switched it on", () => {
    expect(readDevMode(client)).toBe(false);
    expect(localStorage.getItem("tallymark_dev")).toBeNull();
    expect(document.cookie).not.toContain("tallymark_dev");
    expect(client.track).not.toHaveBeenCalled();
  });

  it("stays on after ?dev=1 is gone from the address, in localStorage and in the cookie", () => {
    visit("/?dev=1");
    expect(readDevMode(client)).toBe(true);
    visit("/next");
    expect(readDevMode(client)).toBe(true);
    expect(localStorage.getItem("tallymark_dev")).toBe("1");
    expect(document.cookie).toContain("tallymark_dev=1");
  });

  it("tells of being switched on once, not on each reload with ?dev=1", () => {
    visit("/?dev=1");
    readDevMode(client);
    readDevMode(client);
    expect(client.track.mock.calls).toEqual([["dev_mode_enabled"]]);
  });

  it("forgets both and tells once on ?dev=0", () => {
    visit("/?dev=1");
    readDevMode(client);
    visit("/?dev=0");
    expect(readDevMode(client)).toBe(false);
    expect(readDevMode(client)).toBe(false);
    expect(localStorage.getItem("tallymark_dev")).toBeNull();
    expect(document.cookie).not.toContain("tallymark_dev");
    expect(client.track.mock.calls).toEqual([["dev_mode_enabled"], ["dev_mode_disabled"]]);
  });

  it("tells nothing on ?dev=0 where it was off", () => {
    visit("/?dev=0");
    readDevMode(client);
    expect(client.track).not.toHaveBeenCalled();
  });

  it.each(["2", "true", ""])("takes no notice of ?dev=%s", (value) => {
    visit(`/?dev=${value}`);
    expect(readDevMode(client)).toBe(false);
  });

  it("is on by the cookie alone", () => {
    // biome-ignore lint/suspicious/noDocumentCookie: what the guard itself writes.
    document.cookie = "tallymark_dev=1; Path=/";
    expect(readDevMode(client)).toBe(true);
    expect(client.track).not.toHaveBeenCalled();
  });

  it("is on by localStorage alone", () => {
    localStorage.setItem("tallymark_dev", "1");
    expect(readDevMode(client)).toBe(true);
  });

  it("is not fooled by a cookie whose name only ends alike", () => {
    // biome-ignore lint/suspicious/noDocumentCookie: somebody else's cookie.
    document.cookie = "not_tallymark_dev=1; Path=/";
    expect(readDevMode(client)).toBe(false);
  });

  it("tells the first client of a change that was seen without one", () => {
    visit("/?dev=1");
    readDevMode();
    readDevMode(client);
    readDevMode(client);
    expect(client.track.mock.calls).toEqual([["dev_mode_enabled"]]);
  });

  it("writes a first-party cookie for 30 days, Secure only on https", () => {
    const written = vi.spyOn(document, "cookie", "set");
    visit("/?dev=1");
    readDevMode(client);
    expect(written).toHaveBeenLastCalledWith("tallymark_dev=1; Path=/; Max-Age=2592000; SameSite=Lax");
    vi.stubGlobal("location", { protocol: "https:", search: "?dev=1" });
    readDevMode(client);
    expect(written).toHaveBeenLastCalledWith("tallymark_dev=1; Path=/; Max-Age=2592000; SameSite=Lax; Secure");
  });

  it("works for the page, and tells once, where cookie and storage both throw", () => {
    const blocked = () => {
      throw new DOMException("blocked", "SecurityError");
    };
    vi.stubGlobal("localStorage", { getItem: blocked, setItem: blocked, removeItem: blocked });
    vi.spyOn(document, "cookie", "set").mockImplementation(blocked);
    vi.spyOn(document, "cookie", "get").mockImplementation(blocked);
    visit("/?dev=1");
    expect(readDevMode(client)).toBe(true);
    visit("/next");
    expect(readDevMode(client)).toBe(true);
    expect(client.track.mock.calls).toEqual([["dev_mode_enabled"]]);
  });
});
