/** A web link that was clicked. */
export interface ClickedLink {
  readonly address: URL;
  /** Whether it has the `download` attribute. */
  readonly isDownload: boolean;
}

/**
 * The web link an event happened in: HTML or SVG, however deep, also inside open shadow roots. `undefined` where there
 * is none, where it is not http(s), and where an element on the way to the root is marked `data-tallymark-ignore`.
 * @throws TypeError for a link whose address is not valid
 */
export function findLink(event: Event): ClickedLink | undefined {
  const elements = event.composedPath().filter((target) => target instanceof Element);
  if (elements.some((element) => element.hasAttribute("data-tallymark-ignore"))) return;
  const link = elements.find(hrefOf);
  if (!link) return;
  const address = new URL(hrefOf(link), document.baseURI);
  if (!address.protocol.startsWith("http")) return;
  return { address, isDownload: link.hasAttribute("download") };
}

function hrefOf(element: Element): string {
  if (!/^(a|area)$/.test(element.localName)) return "";
  const { href } = element as HTMLAnchorElement | SVGAElement;
  // In SVG it is an animated string: https://svgwg.org/svg2-draft/linking.html#InterfaceSVGAElement
  return typeof href === "string" ? href : href.baseVal;
}
