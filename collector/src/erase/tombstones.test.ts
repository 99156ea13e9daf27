import { appendFileSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { createTombstones } from "./tombstones.ts";

const ID = "3141592653-589793238-4626433832-795028841";

async function openTombstones({ folder = tempFolder(), at = 0 } = {}) {
  const clock = { at };
  const tombstones = createTombstones({ folder, lifetimeMs: 1000, now: () => clock.at });
  await tombstones.open();
  return { tombstones, folder, clock, path: join(folder, "tombstones") };
}

describe("tombstones", () => {
  it("refuse an id until their time is over", async () => {
    const { tombstones, clock } = await openTombstones();
    await tombstones.add([ID, "other"]);
    expect([ID, "other", `${ID}0`, ""].map(tombstones.has)).toEqual([true, true, false, false]);
    clock.at = 999;
    expect(tombstones.has(ID)).toBe(true);
    clock.at = 1000;
    expect(tombstones.has(ID)).toBe(false);
  });

  it("stand after a restart, and the files of both are for this user alone", async () => {
    const { tombstones, folder, path } = await openTombstones();
    await tombstones.add([ID]);
    const again = await openTombstones({ folder, at: 500 });
    expect([again.tombstones.has(ID), again.tombstones.has("other")]).toEqual([true, false]);
    for (const name of [path, join(folder, "tombstone.key")]) expect(statSync(name).mode & 0o777).toBe(0o600);
  });

  it("say that somebody was added, so that whoever asked before knows to ask again", async () => {
    const { tombstones } = await openTombstones();
    const before = tombstones.additions;
    tombstones.has(ID);
    expect(tombstones.additions).toBe(before);
    await tombstones.add([ID]);
    expect(tombstones.additions).not.toBe(before);
  });

  it("hold no id, and a hash that says nothing without the key", async () => {
    const [one, two] = [await openTombstones(), await openTombstones()];
    await one.tombstones.add([ID]);
    await two.tombstones.add([ID]);
    const texts = [one, two].map(({ path }) => readFileSync(path, "utf8"));
    expect(texts.join("")).not.toContain(ID);
    expect(texts[0]).not.toBe(texts[1]);
  });

  it("are forgotten on the disk when they are over", async () => {
    const { tombstones, folder, clock, path } = await openTombstones();
    await tombstones.add([ID]);
    clock.at = 600;
    await tombstones.add(["b"]);
    clock.at = 1100;
    await tombstones.add(["c"]);
    expect(readFileSync(path, "utf8").split("\n")).toHaveLength(3);
    expect(tombstones.size).toBe(2);
    await openTombstones({ folder, at: 5000 });
    expect(readFileSync(path, "utf8")).toBe("");
  });

  it("do not grow where the same visitor asks again", async () => {
    const { tombstones, path, clock } = await openTombstones();
    for (clock.at = 0; clock.at < 50; clock.at++) await tombstones.add([ID]);
    expect(readFileSync(path, "utf8").split("\n")).toHaveLength(2);
    clock.at = 1040;
    expect(tombstones.has(ID)).toBe(true);
  });

  it("survive a torn line, which the next one does not continue", async () => {
    const { tombstones, folder, path } = await openTombstones();
    await tombstones.add([ID]);
    appendFileSync(path, "half-a-hash");
    const again = await openTombstones({ folder });
    await again.tombstones.add(["b"]);
    const third = await openTombstones({ folder });
    expect([ID, "b"].map(third.tombstones.has)).toEqual([true, true]);
  });

  it("begin anew with another key where theirs is lost", async () => {
    const { tombstones, folder } = await openTombstones();
    await tombstones.add([ID]);
    rmSync(join(folder, "tombstone.key"));
    writeFileSync(join(folder, "tombstone.key"), "short");
    const again = await openTombstones({ folder });
    expect(again.tombstones.has(ID)).toBe(false);
    await again.tombstones.add([ID]);
    expect((await openTombstones({ folder })).tombstones.has(ID)).toBe(true);
  });
});
