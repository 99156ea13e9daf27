import { readFileSync } from "node:fs";
import type { BatchAnswer, EventAnswer, StoredEvent } from "@tallymark/sdk/protocol";
import { expect, test } from "vitest";
import { createTestCollector } from "../create-test-collector.ts";
import { readDataFolder } from "../read-data-folder.ts";

interface Exchange {
  readonly title: string;
  readonly path: "/event" | "/events";
  readonly body: object;
  readonly answer: EventAnswer | BatchAnswer;
  readonly stored: readonly StoredEvent[];
}

/** Version 1 as it goes over the wire and onto the disk. Pages out there send it for years: add to it, never change it. */
const EXCHANGES: readonly Exchange[] = JSON.parse(
  readFileSync(new URL("wire/version-1.json", import.meta.url), "utf8"),
);

test.each(EXCHANGES)("wire version 1 holds for $title", async ({ path, body, answer, stored }) => {
  const { post, dataDir } = await createTestCollector();
  const answered = await post(path, body);
  expect(answered.status).toBe(202);
  expect(await answered.json()).toEqual(answer);
  expect(readDataFolder(dataDir)).toEqual(stored);
});
