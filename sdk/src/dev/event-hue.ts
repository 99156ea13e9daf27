/** Text and background of a chip, as `#rrggbb`, in the light and in the dark scheme. */
export interface Hue {
  readonly light: { readonly text: string; readonly background: string };
  readonly dark: { readonly text: string; readonly background: string };
}

/** Ten hues of equal lightness (OKLCH 43 % on 95.5 %, 86 % on 29 %): each has a contrast of at least 6.9 : 1. */
export const HUES: readonly Hue[] = [
  { light: { text: "#852e2c", background: "#ffebe9" }, dark: { text: "#ffbfb8", background: "#41211e" } },
  { light: { text: "#7b3d01", background: "#ffece0" }, dark: { text: "#fdc39c", background: "#3e2411" } },
  { light: { text: "#634d00", background: "#f7f0db" }, dark: { text: "#e7cf90", background: "#352a09" } },
  { light: { text: "#3a5b03", background: "#eaf4e1" }, dark: { text: "#bfdda2", background: "#233014" } },
  { light: { text: "#015f43", background: "#e0f7eb" }, dark: { text: "#9be3c3", background: "#0d3325" } },
  { light: { text: "#045b5f", background: "#dcf6f8" }, dark: { text: "#8ae2e7", background: "#023235" } },
  { light: { text: "#03577a", background: "#e1f3fe" }, dark: { text: "#9cdaff", background: "#0d2f41" } },
  { light: { text: "#2f4b91", background: "#eaf0fe" }, dark: { text: "#bcd1fe", background: "#1f2b44" } },
  { light: { text: "#5b3d87", background: "#f2edfe" }, dark: { text: "#d9c6ff", background: "#2f2540" } },
  { light: { text: "#7b2f5f", background: "#feeaf4" }, dark: { text: "#fabbde", background: "#3d2131" } },
];

/** Chosen by trial: with it the events of Tallymark itself, and the commonest of others, all differ in hue. */
const SEED = 1362;

/** Index into `HUES` for an event's name: the same on every page and in every session. */
export function hueOf(name: string): number {
  // djb2 in its xor form, http://www.cse.yorku.ca/~oz/hash.html
  let hash = SEED;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash, 33) ^ name.charCodeAt(i);
  return (hash >>> 0) % HUES.length;
}
