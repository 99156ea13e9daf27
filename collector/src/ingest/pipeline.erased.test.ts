import { expect, test, vi } from "vitest";
import { createTestPipeline, event, FILE } from "../../test/create-test-pipeline.ts";

/** The visitor and the session called "gone" asked to be forgotten, or do so during the test. */
function erasedPeople(wishes = 1) {
  return {
    isErased(id: string) {
      return this.wishes > 0 && id === "gone";
    },
    wishes,
  };
}

test("an event of who asked to be forgotten is refused with its reason, by visitor and by session", async () => {
  const { ingest, ids, recent, counts } = createTestPipeline({ erased: erasedPeople() });
  const { rejected, ...outcome } = await ingest([
    event("a"),
    event("b", { visitor_id: "gone" }),
    event("c", { session_id: "gone" }),
    event("d", { session_id: "here" }),
  ]);
  expect(outcome).toMatchObject({ accepted: 2, stored: 2, duplicates: 0 });
  expect(ids()).toEqual(["a", "d"]);
  expect(recent.map(({ event: { id } }) => id)).toEqual(["a", "d"]);
  expect(rejected).toEqual([
    {
      index: 1,
      reason: "erased",
      detail: "visitor_id belongs to a visitor who asked to be forgotten",
      issues: [{ path: "visitor_id", message: "belongs to a visitor who asked to be forgotten" }],
    },
    {
      index: 2,
      reason: "erased",
      detail: "session_id belongs to a visitor who asked to be forgotten",
      issues: [{ path: "session_id", message: "belongs to a visitor who asked to be forgotten" }],
    },
  ]);
  expect(counts).toMatchObject([{ accepted: 2, rejected: { erased: 2 } }]);
});

test("the events of one visitor are looked up once", async () => {
  const isErased = vi.fn(() => false);
  const { ingest } = createTestPipeline({ erased: { isErased, wishes: 1 }, onRecent: () => {} });
  await ingest(Array.from({ length: 50 }, (_, n) => event(`e${n}`, { session_id: "s" })));
  expect(isErased.mock.calls).toEqual([["v"], ["s"]]);
});

test("who asks while the event is on its way to the disk is not shown: the ring was cleaned before it came", async () => {
  let store = (_file: string) => {};
  const sink = { file: FILE, append: () => new Promise<string>((resolve) => (store = resolve)) };
  const erased = erasedPeople(0);
  const { ingest, recent } = createTestPipeline({ sink, erased });
  const answered = ingest([event("a", { visitor_id: "gone" }), event("b")]);
  erased.wishes = 1;
  store(FILE);
  expect(await answered).toMatchObject({ accepted: 2 });
  expect(recent.map(({ event: { id } }) => id)).toEqual(["b"]);
});

test("an event that waited for another try of its id is asked again after the wait", async () => {
  let store = (_file: string) => {};
  const append = vi.fn((_lines: Buffer) => new Promise<string>((resolve) => (store = resolve)));
  const erased = erasedPeople(0);
  const { ingest } = createTestPipeline({ sink: { file: FILE, append }, erased });
  const first = ingest([event("a")]);
  const second = ingest([event("a"), event("b", { visitor_id: "gone" })]);
  erased.wishes = 1;
  store(FILE);
  await first;
  expect(await second).toMatchObject({ accepted: 0, duplicates: 1, rejected: [{ index: 1, reason: "erased" }] });
  expect(append).toHaveBeenCalledOnce();
});
