import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { IDENTIFIER } from "../protocol/limits.ts";
import { createIdentity, openStorage } from "./identity.ts";
import type { IdentityMode } from "./options.ts";

const KEY = "tallymark_id";
const ID = /^\d+-\d+-\d+-\d+$/;
const MINUTE_MS = 60_000;
const NOW = 1_800_000_000_000;

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});
afterEach(() => void vi.restoreAllMocks());

const open = (mode: IdentityMode) => createIdentity(mode, openStorage(mode));
const stored = () => [Object.keys(localStorage), Object.keys(sessionStorage)];

describe("the ids of a visitor", () => {
  it.each<[IdentityMode, string[], string[]]>([
    ["persistent", [KEY], []],
    ["session", [], [KEY]],
    ["memory", [], []],
  ])("are made when the first is asked for, and are kept as %s says", (mode, local, session) => {
    const identity = open(mode);
    expect(stored()).toEqual([[], []]);
    const ids = identity._ids(NOW);
    expect(ids.visitor_id).toMatch(ID);
    expect(ids.session_id).toMatch(ID);
    expect(ids.session_id).not.toBe(ids.visitor_id);
    expect(stored()).toEqual([local, session]);
    expect(identity._ids(NOW + 1)).toEqual(ids);
    const another = open(mode)._ids(NOW + 2);
    if (mode === "memory") expect(another.visitor_id).not.toBe(ids.visitor_id);
    else expect(another).toEqual(ids);
    expect(document.cookie).toBe("");
  });

  it("are none, and no storage is touched, where the mode is none", () => {
    const getters = (["localStorage", "sessionStorage"] as const).map((area) => vi.spyOn(globalThis, area, "get"));
    const identity = open("none");
    expect(identity._ids(NOW)).toEqual({});
    identity._wipe();
    for (const getter of getters) expect(getter).not.toHaveBeenCalled();
  });

  it("touch no storage where the mode is memory", () => {
    const getters = (["localStorage", "sessionStorage"] as const).map((area) => vi.spyOn(globalThis, area, "get"));
    open("memory")._ids(NOW);
    for (const getter of getters) expect(getter).not.toHaveBeenCalled();
  });

  it("are written once for 71 events of a second, and every five seconds at most", () => {
    const writes = vi.fn(Reflect.set);
    const area = new Proxy<Record<string, string>>({}, { set: writes });
    const identity = createIdentity("persistent", area);
    for (let index = 0; index < 71; index++) identity._ids(NOW + (index * 1000) / 71);
    expect(writes).toHaveBeenCalledTimes(1);
    for (let second = 1; second <= 60; second++) identity._ids(NOW + second * 1000);
    expect(writes.mock.calls.length).toBeLessThanOrEqual(12);
  });
});

describe("a session", () => {
  it("goes on as long as there is an event every 30 minutes, and then there is another", () => {
    const identity = open("persistent");
    const first = identity._ids(NOW);
    const second = identity._ids(NOW + 29 * MINUTE_MS);
    const third = identity._ids(NOW + 58 * MINUTE_MS);
    const late = identity._ids(NOW + 89 * MINUTE_MS);
    expect([second, third]).toEqual([first, first]);
    expect(late.session_id).toMatch(ID);
    expect(late.session_id).not.toBe(first.session_id);
    expect(late.visitor_id).toBe(first.visitor_id);
  });

  it.each<IdentityMode>(["memory", "persistent"])("ends after 30 minutes on the next page too, with %s", (mode) => {
    const area = openStorage(mode);
    const first = createIdentity(mode, area)._ids(NOW);
    expect(createIdentity(mode, area)._ids(NOW + 30 * MINUTE_MS - 1)).toEqual(first);
    expect(createIdentity(mode, area)._ids(NOW + 61 * MINUTE_MS).session_id).not.toBe(first.session_id);
  });

  it("is one for two tabs: an event in either keeps it alive", () => {
    const [one, other] = [open("persistent"), open("persistent")];
    const first = one._ids(NOW);
    expect(other._ids(NOW + 20 * MINUTE_MS)).toEqual(first);
    expect(one._ids(NOW + 40 * MINUTE_MS)).toEqual(first);
    expect(other._ids(NOW + 60 * MINUTE_MS)).toEqual(first);
  });

  it("that one tab has begun is taken over by the other", () => {
    const [one, other] = [open("persistent"), open("persistent")];
    one._ids(NOW);
    other._ids(NOW);
    const next = one._ids(NOW + 40 * MINUTE_MS);
    expect(other._ids(NOW + 41 * MINUTE_MS)).toEqual(next);
  });

  it("survives a clock that is set back", () => {
    const identity = open("persistent");
    const first = identity._ids(NOW);
    expect(identity._ids(NOW - 60 * MINUTE_MS)).toEqual(first);
    expect(open("persistent")._ids(NOW - 60 * MINUTE_MS)).toEqual(first);
  });
});

describe("storage that is no help", () => {
  it.each<IdentityMode>(["persistent", "session"])("keeps ids with the page where the getter throws: %s", (mode) => {
    for (const area of ["localStorage", "sessionStorage"] as const) {
      vi.spyOn(globalThis, area, "get").mockImplementation(() => {
        throw new DOMException("denied", "SecurityError");
      });
    }
    expectIdsWithThePage(open(mode));
  });

  it("keeps ids with the page where it cannot be written", () => {
    expectIdsWithThePage(createIdentity("persistent", new Proxy({}, { set: fail })));
  });

  it.each<[string, ProxyHandler<Record<string, string>>]>([
    ["read", { get: fail }],
    ["read or written", { get: fail, set: fail, deleteProperty: fail }],
  ])("keeps ids with the page where it was opened, and cannot be %s", (_, handler) => {
    expectIdsWithThePage(createIdentity("persistent", new Proxy({}, handler)));
  });

  function expectReplaced(foreign: string): void {
    localStorage.setItem(KEY, foreign);
    const ids = open("persistent")._ids(NOW);
    expect(ids.visitor_id).toMatch(ID);
    expect(ids.session_id).toMatch(ID);
    expect(open("persistent")._ids(NOW + 1)).toEqual(ids);
  }

  it.each(["", "hello", "{}", "null", "..", "<img src=x>"])("is replaced where somebody else wrote %j", expectReplaced);

  it.each(["1", "-", '{"id":"abc-123"}', "a1b2.c3d4.5"])(
    "is replaced where somebody else wrote digits: %j",
    expectReplaced,
  );

  it("has ids that the collector takes, whatever digits somebody else wrote", () => {
    localStorage.setItem(KEY, "1".repeat(100));
    const { visitor_id, session_id } = open("persistent")._ids(NOW);
    expect(visitor_id).toMatch(IDENTIFIER);
    expect(session_id).toMatch(IDENTIFIER);
  });
});

describe("wiping", () => {
  it("removes ids and queues, and nobody else's keys; whoever comes next is somebody new", () => {
    const identity = open("persistent");
    const before = identity._ids(NOW);
    localStorage.setItem("tallymark_queue_1", "[]");
    localStorage.setItem("tallymark", "theirs");
    localStorage.setItem("theme", "dark");
    identity._wipe();
    expect(Object.keys(localStorage).sort()).toEqual(["tallymark", "theme"]);
    const after = identity._ids(NOW + 1);
    expect(after.visitor_id).toMatch(ID);
    expect(after.visitor_id).not.toBe(before.visitor_id);
    expect(after.session_id).not.toBe(before.session_id);
  });
});

function fail(): never {
  throw new DOMException("no", "QuotaExceededError");
}

function expectIdsWithThePage(identity: ReturnType<typeof open>): void {
  const ids = identity._ids(NOW);
  expect(ids.visitor_id).toMatch(ID);
  expect(ids.session_id).toMatch(ID);
  expect(identity._ids(NOW + 20 * MINUTE_MS)).toEqual(ids);
  const late = identity._ids(NOW + 60 * MINUTE_MS);
  expect(late.visitor_id).toBe(ids.visitor_id);
  expect(late.session_id).not.toBe(ids.session_id);
  expect(() => identity._wipe()).not.toThrow();
}
