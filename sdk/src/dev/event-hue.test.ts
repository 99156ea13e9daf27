import { describe, expect, it } from "vitest";
import { HUES, hueOf } from "./event-hue.ts";

/** Relative luminance, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

describe("HUES", () => {
  it.each(HUES.map((hue, i) => [i, hue] as const))(
    "%d is readable in both schemes (WCAG AA asks for 4.5)",
    (_, hue) => {
      expect(contrast(hue.light.text, hue.light.background)).toBeGreaterThan(6.8);
      expect(contrast(hue.dark.text, hue.dark.background)).toBeGreaterThan(6.8);
    },
  );
});

describe("hueOf", () => {
  it("is the same for the same name, and always one of the hues", () => {
    for (const name of ["page_view", "", "ünïcode 🎉", "a".repeat(64)]) {
      expect(hueOf(name)).toBe(hueOf(name));
      expect(HUES[hueOf(name)]).toBeDefined();
    }
  });

  it("tells the usual events apart", () => {
    const usual = ["page_view", "outbound_click", "file_download", "dev_mode_enabled", "dev_mode_disabled", "signup"];
    expect(new Set(usual.map(hueOf)).size).toBe(usual.length);
  });
});
