import type { CdpFields } from "./cdp-connection.ts";
import type { Tab } from "./test-browser.ts";

/** Sends a command to the tab's page. */
type Command = (method: string, params?: CdpFields) => Promise<unknown>;

const MODIFIERS = { Alt: 1, Control: 2, Meta: 4, Shift: 8 };
const BUTTONS = { left: 1, right: 2, middle: 4 };

/** Keys that are no character, or do something: name, code and text. https://chromedevtools.github.io/devtools-protocol/tot/Input/ */
const KEYS: { readonly [key: string]: readonly [key: string, code: number, text: string] } = {
  Enter: ["Enter", 13, "\r"],
  Tab: ["Tab", 9, ""],
  Space: [" ", 32, " "],
  Escape: ["Escape", 27, ""],
};

/** Mouse and keyboard of a tab of Chromium. */
export function chromiumInput(command: Command): Pick<Tab, "click" | "press" | "wheel"> {
  return {
    async click(point, { button = "left", holding } = {}) {
      const event = { ...point, button, clickCount: 1, modifiers: holding ? MODIFIERS[holding] : 0 };
      await command("Input.dispatchMouseEvent", { ...event, type: "mouseMoved", button: "none" });
      await command("Input.dispatchMouseEvent", { ...event, type: "mousePressed", buttons: BUTTONS[button] });
      await command("Input.dispatchMouseEvent", { ...event, type: "mouseReleased", buttons: 0 });
    },
    async press(name) {
      const [key, windowsVirtualKeyCode, text] = KEYS[name] ?? [name, name.toUpperCase().charCodeAt(0), name];
      const event = { key, code: key === " " ? "Space" : key, windowsVirtualKeyCode };
      await command("Input.dispatchKeyEvent", { ...event, type: text ? "keyDown" : "rawKeyDown", text });
      await command("Input.dispatchKeyEvent", { ...event, type: "keyUp" });
    },
    async wheel(point, deltaY) {
      await command("Input.dispatchMouseEvent", { ...point, type: "mouseWheel", deltaX: 0, deltaY });
    },
  };
}
