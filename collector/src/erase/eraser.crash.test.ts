import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import { createTestCollector } from "../../test/create-test-collector.ts";
import { dieAtEveryStep } from "../../test/dying-disk.ts";
import { tempFolder } from "../../test/temp-folder.ts";
import { gzipFile } from "../rotate/gzip-file.ts";
import { createEraser } from "./eraser.ts";

const ANNA = "3141592653-589793238-4626433832-795028841";
const BERT = "2718281828-459045235-3602874713-526624977";
const CLOSED = "metrics-2026-11-18.jsonl";
const NEWER = "metrics-2026-11-19.jsonl";

const line = (id: string, visitor_id: string) => `${JSON.stringify({ id, event: "x", visitor_id })}\n`;
const OTHERS = line("2", BERT) + line("3", BERT);

function createTestEraser(dataDir: string, onFailure = () => {}) {
  return createEraser({ dataDir, linkName: "metrics.jsonl", lifetimeMs: 1_000_000, onFailure });
}

function isAnywhere(text: string, dataDir: string): boolean {
  return readdirSync(dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .some((entry) => contentOf(join(entry.parentPath, entry.name)).includes(text));
}

function contentOf(path: string): string {
  const bytes = readFileSync(path);
  return path.endsWith(".gz") ? gunzipSync(bytes).toString() : bytes.toString();
}

describe("an erasure that is killed", () => {
  it("at any step is finished by the next start, and loses no line of others", { timeout: 120_000 }, async () => {
    const steps = await dieAtEveryStep({
      async prepare() {
        const dataDir = join(tempFolder(), "data");
        mkdirSync(dataDir);
        writeFileSync(join(dataDir, CLOSED), line("1", ANNA) + OTHERS);
        await gzipFile(join(dataDir, CLOSED));
        writeFileSync(join(dataDir, NEWER), OTHERS + line("4", ANNA));
        // What a rotator that was killed has left.
        writeFileSync(join(dataDir, `${NEWER}.gz.00000000-0000-0000-0000-000000000000.tmp`), line("4", ANNA));
        return { dataDir, isAccepted: false };
      },
      async run(fixture, life) {
        const eraser = createTestEraser(fixture.dataDir);
        await eraser.open();
        const { tried } = await eraser.erase({ ids: [ANNA], redacts: true });
        if (!life.isDead) fixture.isAccepted = true;
        await tried;
        await eraser.close();
      },
      async check({ dataDir, isAccepted }) {
        const eraser = createTestEraser(dataDir);
        await eraser.open();
        eraser.resume();
        await vi.waitFor(() => expect(eraser.waiting).toBe(0), { interval: 5 });
        if (isAccepted) {
          expect(eraser.isErased(ANNA)).toBe(true);
          expect(isAnywhere(ANNA, dataDir)).toBe(false);
        }
        await (await eraser.erase({ ids: [ANNA], redacts: true })).tried;
        await eraser.close();
        expect(isAnywhere(ANNA, dataDir)).toBe(false);
        expect(contentOf(join(dataDir, `${CLOSED}.gz`))).toBe(OTHERS);
        expect(contentOf(join(dataDir, NEWER))).toBe(OTHERS);
        const left = readdirSync(join(dataDir, ".tallymark", "erasures"));
        expect(left.filter((name) => !name.endsWith(".json"))).toEqual([]);
        expect(readdirSync(dataDir).sort()).toEqual([".tallymark", `${CLOSED}.gz`, NEWER]);
      },
    });
    expect(steps.some((step) => step.startsWith(`rename ${CLOSED}.gz.`))).toBe(true);
  });

  it("leaves the wish to the next collector, which has it done before it takes an event of the visitor", async () => {
    const dataDir = tempFolder();
    writeFileSync(join(dataDir, NEWER), OTHERS + line("4", ANNA));
    writeFileSync(join(dataDir, `${CLOSED}.gz`), "damaged");
    const first = createTestEraser(dataDir);
    await first.open();
    await first.erase({ ids: [ANNA], redacts: true });
    await first.close();
    expect(execFileSync("grep", ["-rl", ANNA, dataDir], { encoding: "utf8" })).toContain(".request");

    writeFileSync(join(dataDir, CLOSED), "");
    await gzipFile(join(dataDir, CLOSED));
    const { post } = await createTestCollector({ linkPath: join(dataDir, "metrics.jsonl") });
    expect((await post("/event", { event: "x", visitor_id: ANNA })).status).toBe(400);
    await vi.waitFor(() => expect(isAnywhere(ANNA, dataDir)).toBe(false));
  });
});
