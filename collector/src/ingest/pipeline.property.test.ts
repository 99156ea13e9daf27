import fc from "fast-check";
import { expect, test } from "vitest";
import { createTestPipeline, event, FILE } from "../../test/create-test-pipeline.ts";
import { SinkError } from "../store/sink.ts";

/** A request with these events, or the disk's answer to one that waits. */
type Step =
  | { readonly do: "send"; readonly ids: readonly string[]; readonly titleLength: number }
  | { readonly do: "settle"; readonly which: number; readonly fails: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant("send" as const),
    ids: fc.array(fc.constantFrom("a", "b", "c", "d", "e", "f"), { minLength: 1, maxLength: 4 }),
    titleLength: fc.constantFrom(0, 10, 200),
  }),
  fc.record({ do: fc.constant("settle" as const), which: fc.nat(), fails: fc.boolean() }),
);

interface Append {
  readonly lines: Buffer;
  /** What the lines were when the sink was given them. */
  readonly text: string;
  readonly resolve: (file: string) => void;
  readonly reject: (error: Error) => void;
}

test("whatever is sent at once and however the disk answers, an event is stored once, whole, and never lost", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const waiting: Append[] = [];
      const stored: string[] = [];
      const sink = {
        file: FILE,
        append: (lines: Buffer) =>
          new Promise<string>((resolve, reject) => {
            waiting.push({ lines, text: lines.toString(), resolve, reject });
          }),
      };
      const { ingest, recent } = createTestPipeline({ sink });
      const sent: { readonly ids: readonly string[]; readonly answer: ReturnType<typeof ingest> }[] = [];

      for (const step of steps) {
        if (step.do === "send") {
          const title = "é".repeat(step.titleLength);
          const answer = ingest(step.ids.map((id) => event(id, { title })));
          answer.catch(() => {});
          sent.push({ ids: step.ids, answer });
        } else await settle(step.which, step.fails);
      }
      while (waiting.length > 0) await settle(0, false);

      const settled = await Promise.allSettled(sent.map(({ answer }) => answer));
      const accepted = new Set<string>();
      for (const [index, result] of settled.entries()) {
        const ids = sent[index]?.ids ?? [];
        if (result.status === "rejected") continue;
        expect(result.value.accepted + result.value.duplicates).toBe(ids.length);
        for (const id of ids) accepted.add(id);
      }
      const storedIds = stored.flatMap((text) =>
        text
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line).id),
      );
      // Each once, and all that anybody was told of as accepted or as a duplicate.
      expect(storedIds.toSorted()).toEqual([...accepted].toSorted());
      expect(recent.map(({ event: { id } }) => id).toSorted()).toEqual([...accepted].toSorted());

      async function settle(which: number, fails: boolean): Promise<void> {
        const [append] = waiting.splice(which % Math.max(waiting.length, 1), 1);
        if (!append) return;
        expect(append.lines.toString()).toBe(append.text);
        if (fails) append.reject(new SinkError("io"));
        else {
          stored.push(append.text);
          append.resolve(FILE);
        }
        await new Promise(setImmediate);
      }
    }),
    { numRuns: 300 },
  );
});
