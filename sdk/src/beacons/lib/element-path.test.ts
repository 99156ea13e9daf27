import { expect, it } from "vitest";
import { elementPath } from "./element-path.ts";

it("tells the tags from the outermost to the element, four at most, and nothing else of them", () => {
  document.body.innerHTML =
    '<main><section><form id="secret" class="secret"><button name="secret" value="secret">secret</button></form></section></main>';
  expect(elementPath(document.querySelector("button") as Element)).toBe("main>section>form>button");
  expect(elementPath(document.querySelector("main") as Element)).toBe("html>body>main");
});

it("passes over the border of an open shadow root", () => {
  document.body.innerHTML = "<x-card></x-card>";
  const root = document.querySelector("x-card")?.attachShadow({ mode: "open" }) as ShadowRoot;
  root.innerHTML = "<p><b>x</b></p>";
  expect(elementPath(root.querySelector("b") as Element)).toBe("body>x-card>p>b");
});

it("ends at an element that is in no document", () => {
  expect(elementPath(document.createElement("button"))).toBe("button");
});
