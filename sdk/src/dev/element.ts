/** Attributes by name; `undefined` leaves one out. */
export type Attributes = { readonly [name: string]: string | undefined };

const SVG = "http://www.w3.org/2000/svg";

/**
 * Builds an HTML element. Children given as strings become text, never markup: that is why nothing in the developer
 * tools can run what a visitor has sent, and why they pass under Trusted Types.
 */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  setAttributes(node, attributes);
  node.append(...children);
  return node;
}

/** Builds a decorative picture of stroked lines, hidden from assistive technology. */
export function icon(name: string, viewBox: string, path: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  setAttributes(svg, { class: `icon ${name}`, viewBox, "aria-hidden": "true", focusable: "false" });
  const line = document.createElementNS(SVG, "path");
  setAttributes(line, { d: path });
  svg.append(line);
  return svg;
}

/** The mark of the house: four strokes and the fifth across. */
export function tallyMark(): SVGSVGElement {
  return icon("tally", "0 0 20 20", "M4 3.5v13 M8 3.5v13 M12 3.5v13 M16 3.5v13 M1.5 14 18.5 6");
}

/** Replaces the text where it differs: an unchanged node keeps the reader's selection. */
export function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

function setAttributes(node: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) node.setAttribute(name, value);
}
