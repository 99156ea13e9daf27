import { describe, expect, it } from "vitest";
import { keyedRows } from "./keyed-rows.ts";

function setup() {
  const parent = document.createElement("ol");
  const show = keyedRows<{ id: string; text: string }>(
    parent,
    ({ id }) => id,
    () => {
      const node = document.createElement("li");
      return { node, update: ({ text }) => node.replaceChildren(text) };
    },
  );
  return {
    show: (items: string) =>
      show(
        items
          .split(" ")
          .filter(Boolean)
          .map((id) => ({ id, text: id.toUpperCase() })),
      ),
    texts: () => [...parent.children].map((child) => child.textContent).join(" "),
    nodes: () => [...parent.children],
  };
}

describe("keyedRows", () => {
  it("follows any list: new in front, gone behind, reordered, emptied", () => {
    const { show, texts } = setup();
    for (const items of ["a b c", "d a b", "b d", "c b a d", ""]) {
      show(items);
      expect(texts()).toBe(items.toUpperCase());
    }
  });

  it("keeps the node of what stays", () => {
    const { show, nodes } = setup();
    show("b c");
    const [b] = nodes();
    show("a b");
    expect(nodes()[1]).toBe(b);
  });

  it("does not touch rows that stay in place when others come and go", () => {
    const { show, nodes } = setup();
    show("b c d");
    const stay = nodes().slice(0, 2);
    const moved: Element[] = [];
    for (const node of stay) node.remove = () => void moved.push(node);
    show("a b c");
    expect(nodes().slice(1)).toEqual(stay);
    expect(moved).toEqual([]);
  });

  it("shows the first of items with the same key", () => {
    const { show, texts } = setup();
    show("a a b");
    expect(texts()).toBe("A B");
  });
});
