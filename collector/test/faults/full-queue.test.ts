import { afterEach, expect, test, vi } from "vitest";
import { createTestCollector } from "../create-test-collector.ts";
import { readDataFolder } from "../read-data-folder.ts";
import { untilCalled, watchWrites } from "../watch-writes.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

test("a full queue refuses a batch whole, says when to come back, and takes its retry", async () => {
  const { post, get, dataDir } = await createTestCollector({ queueCapacity: 10 });
  const send = (from: number, to: number) =>
    post("/events", { events: ids(from, to).map((id) => ({ event: "fault_test", id })) });
  const { write, hold } = await watchWrites();
  const release = hold();
  const slow = send(0, 8);
  await untilCalled(write, 1);

  const refused = await send(8, 11);
  expect(refused.status).toBe(503);
  expect(refused.headers.get("retry-after")).toBe("5");
  expect(await refused.json()).toMatchObject({ ok: false, error: "unavailable" });
  // A full queue is not a broken disk: what fits is still taken.
  const fits = send(11, 13);
  const health = await get("/api/metrics/health");
  expect(health.status).toBe(200);
  expect(await health.json()).toMatchObject({ status: "healthy", queue_depth: 10, queue_capacity: 10 });
  expect(await (await get("/metrics")).text()).toContain('tallymark_sink_errors_total{reason="queue_full"} 1');

  release();
  expect((await slow).status).toBe(202);
  expect((await fits).status).toBe(202);
  const retried = await send(8, 11);
  expect(retried.status).toBe(202);
  expect(await retried.json()).toMatchObject({ accepted: 3, stored: 3, duplicates: 0 });
  expect(
    readDataFolder(dataDir)
      .map(({ id }) => id)
      .sort(),
  ).toEqual(ids(0, 13).sort());
});

test("a batch larger than the queue is taken where nothing else waits: it could never be stored otherwise", async () => {
  const { post } = await createTestCollector({ queueCapacity: 2 });
  const answer = await post("/events", { events: ids(0, 5).map((id) => ({ event: "fault_test", id })) });
  expect(answer.status).toBe(202);
  expect(await answer.json()).toMatchObject({ stored: 5 });
});

function ids(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, index) => `event-${from + index}`);
}
