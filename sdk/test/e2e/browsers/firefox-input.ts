import type { Tab } from "./test-browser.ts";

/** Has the browser perform actions of WebDriver in the tab. https://w3c.github.io/webdriver/#actions */
type Perform = (...sources: readonly object[]) => Promise<void>;

const BUTTONS = { left: 0, middle: 1, right: 2 };

/** https://w3c.github.io/webdriver/#keyboard-actions */
const KEYS: { readonly [key: string]: string } = {
  Enter: "\ue007",
  Tab: "\ue004",
  Space: " ",
  Escape: "\ue00c",
  Alt: "\ue00a",
  Control: "\ue009",
  Meta: "\ue03d",
  Shift: "\ue008",
};

/** Mouse and keyboard of a tab of Firefox. */
export function firefoxInput(perform: Perform): Pick<Tab, "click" | "press" | "wheel"> {
  const keys = (...actions: readonly object[]) => ({ type: "key", id: "keyboard", actions });
  return {
    async click({ x, y }, { button = "left", holding } = {}) {
      const mouse = [
        { type: "pointerMove", x: Math.round(x), y: Math.round(y) },
        { type: "pointerDown", button: BUTTONS[button] },
        { type: "pointerUp", button: BUTTONS[button] },
      ];
      const pointer = { type: "pointer", id: "mouse", parameters: { pointerType: "mouse" } };
      if (!holding) return perform({ ...pointer, actions: mouse });
      const value = KEYS[holding];
      const pause = { type: "pause" };
      await perform(keys({ type: "keyDown", value }, pause, pause, pause, { type: "keyUp", value }), {
        ...pointer,
        actions: [pause, ...mouse],
      });
    },
    async press(name) {
      const value = KEYS[name] ?? name;
      await perform(keys({ type: "keyDown", value }, { type: "keyUp", value }));
    },
    async wheel({ x, y }, deltaY) {
      const scroll = { type: "scroll", x: Math.round(x), y: Math.round(y), deltaX: 0, deltaY: Math.round(deltaY) };
      await perform({ type: "wheel", id: "wheel", actions: [scroll] });
    },
  };
}
