import type { Beacon } from "../core/options.ts";
import { onAct } from "./lib/on-act.ts";
import { TAGGED } from "./tagged-events.ts";

/** Settings of `linkClicks`. */
export interface LinkClicksOptions {
  /**
   * Paths that count as downloads, such as `/\.(pdf|zip)$/i`; links with the `download` attribute count as well. Default:
   * the extensions of common archives, documents, installers, sound and film.
   */
  readonly downloads?: RegExp;
  /** Whether `mailto:` and `tel:` links are tracked (default false). */
  readonly contacts?: boolean;
}

/**
 * Tracks `outbound_click` (a link to another host) and `file_download` with `{ href: "host/path" }`, and on request
 * `contact_click` with `{ href: "mailto:" }` or `tel:`, without whom. One click is one event: a file on another host
 * is an outbound click, and what `taggedEvents` tracks is not tracked here. Clicks with any modifier and with the middle
 * button count, the right button does not. The navigation itself is never delayed, prevented or repeated. Nothing is
 * tracked inside an element marked `data-tallymark-ignore`.
 */
export function linkClicks({
  downloads = /\.(7z|csv|dmg|(doc|ppt|xls)x?|exe|gz|mov|mp[34]|msi|pdf|pkg|rar|txt|wav|zip)$/i,
  contacts,
}: LinkClicksOptions = {}): Beacon {
  return function startLinkClicks({ track }) {
    return onAct("click auxclick", "a,area", (link, find) => {
      const { href } = link as HTMLAnchorElement | SVGAElement;
      // In SVG it is an animated string: https://svgwg.org/svg2-draft/linking.html#InterfaceSVGAElement
      const address = (href as Partial<SVGAnimatedString>).baseVal ?? (href as string);
      const { protocol, host, pathname } = new URL(address, document.baseURI);
      const event = protocol.startsWith("http")
        ? // The location of a srcdoc frame has no host; its links start from the address of the page round it.
          host !== (location.host || new URL(document.baseURI).host)
          ? "outbound_click"
          : (find("[download]") || pathname.match(downloads)) && "file_download"
        : contacts && /^(mailto|tel):/.test(protocol) && "contact_click";
      if (event && address && !find(TAGGED)) track(event, { href: host ? host + pathname : protocol });
    });
  };
}
