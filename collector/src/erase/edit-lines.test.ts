import { describe, expect, it } from "vitest";
import { editLine, fateOf, type Wish } from "./edit-lines.ts";

const ID = "3141592653-589793238-4626433832-795028841";
const WISH: Wish = { ids: [ID], redacts: true };

const lineOf = (event: object) => Buffer.from(`${JSON.stringify(event)}\n`);
const edited = (event: object, wishes: readonly Wish[] = [WISH]) => {
  const result = editLine(lineOf(event), wishes);
  return result && JSON.parse(result.toString());
};

describe("editLine", () => {
  it.each<object>([
    { visitor_id: ID },
    { visitor_id: "other", session_id: ID },
    { metadata: { a: 1 }, visitor_id: ID, title: "\n" },
  ])("removes %j", (event) => {
    expect(edited(event)).toBeUndefined();
  });

  it.each<object>([
    { visitor_id: "other" },
    { visitor_id: `${ID}0` },
    { visitor_id: `x${ID}`, session_id: `${ID}-2` },
    { visitor_id: "__proto__", constructor: "x" },
  ])("gives back %j itself", (event) => {
    const line = lineOf(event);
    expect(editLine(line, [WISH])).toBe(line);
  });

  it("blanks the id in keys, values and the middle of words of others, and nothing else", () => {
    const event = { visitor_id: "v", url: `/a/${ID}/b${ID}`, metadata: { [ID]: [`é${ID}\u2028`, { x: ID }] }, n: 1.5 };
    expect(JSON.stringify(edited(event))).toBe(JSON.stringify(event).replaceAll(ID, "erased"));
  });

  it("takes a nested visitor_id for a mention, not for the visitor", () => {
    expect(edited({ visitor_id: "v", metadata: { visitor_id: ID } })).toEqual({
      visitor_id: "v",
      metadata: { visitor_id: "erased" },
    });
  });

  it("keeps mentions of an id of fewer than 22 characters, and where the wish came without a token", () => {
    const short = lineOf({ visitor_id: "v", title: "x".repeat(21) });
    expect(editLine(short, [{ ids: ["x".repeat(21)], redacts: true }])).toBe(short);
    const line = lineOf({ visitor_id: "v", title: ID });
    expect(editLine(line, [{ ...WISH, redacts: false }])).toBe(line);
  });

  it("keeps bytes that are not UTF-8", () => {
    const line = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(` ${ID}\n`)]);
    expect(editLine(line, [WISH])).toEqual(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(" erased\n")]));
  });

  it.each([`{"id":"1","visitor_id":"${ID}","ti`, `{"id":"1","visitor_id":"${ID}`, `{"session_id":"${ID}"}{"id":"2`])(
    "removes the torn line %s",
    (text) => {
      expect(editLine(Buffer.from(text), [{ ...WISH, redacts: false }])).toBeUndefined();
    },
  );

  it("keeps the torn line of a visitor whose id only begins like that", () => {
    const line = Buffer.from(`{"id":"1","visitor_id":"${ID}7`);
    expect(editLine(line, [{ ...WISH, redacts: false }])).toBe(line);
  });

  it("does several wishes at once", () => {
    const other: Wish = { ids: ["a".repeat(22), "b".repeat(22)], redacts: true };
    expect(edited({ visitor_id: "v", title: `${ID} ${"b".repeat(22)}` }, [WISH, other])).toEqual({
      visitor_id: "v",
      title: "erased erased",
    });
    expect(edited({ visitor_id: "a".repeat(22), title: ID }, [WISH, other])).toBeUndefined();
  });
});

describe("fateOf", () => {
  it("tells what one wish of several means for a line", () => {
    const line = lineOf({ visitor_id: ID, title: "b".repeat(22) });
    expect(fateOf(line, WISH)).toBe("removed");
    expect(fateOf(line, { ids: ["b".repeat(22)], redacts: true })).toBe("redacted");
    expect(fateOf(line, { ids: ["c".repeat(22)], redacts: true })).toBe("kept");
  });
});
