import { describe, expect, it } from "vitest";
import { readStack } from "./read-stack.ts";

const { origin } = location;

describe("readStack", () => {
  it("reads what Chromium writes", () => {
    const stack = `TypeError: x is not a function
    at load (${origin}/assets/app-1a2b.js:10:5)
    at new Shop (${origin}/assets/app-1a2b.js:20:15)
    at async Promise.all (index 0)
    at Array.map (<anonymous>)
    at Object.run [as start] (https://cdn.example/npm/lib@18.2.0/lib.js:3:4)
    at eval (eval at go (${origin}/assets/app-1a2b.js:2:1), <anonymous>:1:1)
    at https://cdn.example/npm/lib@18.2.0/lib.js:5:6
    at async ${origin}/assets/app-1a2b.js:30:1`;
    expect(readStack(stack)).toEqual([
      "load /assets/app-1a2b.js:10:5",
      "new Shop /assets/app-1a2b.js:20:15",
      "Object.run [as start] https://cdn.example/npm/lib@18.2.0/lib.js:3:4",
      "https://cdn.example/npm/lib@18.2.0/lib.js:5:6",
      "/assets/app-1a2b.js:30:1",
    ]);
  });

  it("reads what Firefox writes", () => {
    const stack = `load@${origin}/assets/app-1a2b.js:10:5
Shop/this.run<@${origin}/assets/app-1a2b.js:20:15
async*@https://cdn.example/npm/lib@18.2.0/lib.js:3:4
@${origin}/assets/app-1a2b.js:30:1
go@${origin}/assets/app-1a2b.js line 2 > eval:1:1
`;
    expect(readStack(stack)).toEqual([
      "load /assets/app-1a2b.js:10:5",
      "Shop/this.run< /assets/app-1a2b.js:20:15",
      "async* https://cdn.example/npm/lib@18.2.0/lib.js:3:4",
      "/assets/app-1a2b.js:30:1",
    ]);
  });

  it("reads what Safari writes", () => {
    const stack = `load@${origin}/assets/app-1a2b.js:10:5
map@[native code]
global code@${origin}/assets/app-1a2b.js:30:1
https://cdn.example/npm/lib@18.2.0/lib.js:3:4
send@webkit-masked-url://hidden/:1:2`;
    expect(readStack(stack)).toEqual([
      "load /assets/app-1a2b.js:10:5",
      "global code /assets/app-1a2b.js:30:1",
      "https://cdn.example/npm/lib@18.2.0/lib.js:3:4",
      "send webkit-masked-url://hidden/:1:2",
    ]);
  });

  it.each([
    [`    at go (${origin}/shop?token=1:10:5)`, "go /shop:10:5"],
    [`go@${origin}/shop?token=1#part:10:5`, "go /shop:10:5"],
    [`    at ${origin}/shop?token=(1):10:5`, "/shop:10:5"],
    [`    at go (${origin}/:10:5)`, "go /:10:5"],
    ["    at go (https://bob:pw@cdn.example/a.js:10:5)", "go https://cdn.example/a.js:10:5"],
    ["    at go (file:///home/bob/a.js:10:5)", "go file…:10:5"],
    ["    at data:text/javascript,go('bob'):10:5", "data…:10:5"],
    ["go@moz-extension://0b14d501-a594/a.js:10:5", "go moz-extension…:10:5"],
    [`    at go (blob:${origin}/0b14d501-a594:10:5)`, "go blob…:10:5"],
  ])("scrubs the address of %s", (line, frame) => {
    expect(readStack(line)).toEqual([frame]);
  });

  it("reads ten frames, none of them long", () => {
    const frames = readStack(`at ${"x".repeat(400)} (${origin}/a.js:1:2)\n`.repeat(30));
    expect(frames).toHaveLength(10);
    expect(frames.every((frame) => frame.length < 160 && frame.endsWith(":1:2"))).toBe(true);
  });

  it.each(["", "undefined", "[object Object]", "@:0:0", "@undefined:undefined:undefined", "at a (b)\nc@d"])(
    "finds nothing in %j",
    (stack) => {
      expect(readStack(stack)).toEqual([]);
    },
  );

  it.each(["at a (".repeat(2e5), "a ".repeat(5e5), ":1:2".repeat(3e5), "@".repeat(1e6), "\n".repeat(1e6)])(
    "takes no time for a megabyte (%#)",
    (stack) => {
      const startedAt = performance.now();
      readStack(stack);
      // Quadratic would be minutes.
      expect(performance.now() - startedAt).toBeLessThan(5000);
    },
  );
});
