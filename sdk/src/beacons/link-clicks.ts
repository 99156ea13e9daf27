import type { Beacon } from "../core/options.ts";
import { onClick } from "./lib/on-click.ts";
import { TAGGED } from "./tagged-events.ts";

/** Settings of `linkClicks`. */
export interface LinkClicksOptions {
  /**
   * File extensions that count as downloads, without the dot; links with the `download` attribute count as well.
   * `false` for none. Default: common archives, documents, installers, sound and film.
   */
  readonly downloads?: readonly string[] | false;
  /** Whether links to other hosts are tracked (default true). */
  readonly outbound?: boolean;
}

const DOWNLOADS =
  "7z apk avi csv deb dmg doc docx epub exe gz iso m4a mov mp3 mp4 msi odp ods odt pdf pkg ppt pptx rar rpm rtf " +
  "tar tgz txt wav webm xls xlsx zip";

/**
 * Tracks `outbound_click` (a link to another host) and `file_download` with `{ href: "host/path" }`. One click is one
 * event: a file on another host is an outbound click, and what `taggedEvents` tracks is not tracked here. Clicks with any
 * modifier and with the middle button count, the right button does not. The navigation itself is never delayed, prevented
 * or repeated. Nothing is tracked inside an element marked `data-tallymark-ignore`.
 */
export function linkClicks({ downloads = DOWNLOADS.split(" "), outbound = true }: LinkClicksOptions = {}): Beacon {
  return function startLinkClicks(client) {
    return onClick("a,area", (link, find) => {
      const { href } = link as HTMLAnchorElement | SVGAElement;
      // In SVG it is an animated string: https://svgwg.org/svg2-draft/linking.html#InterfaceSVGAElement
      const address = (href as Partial<SVGAnimatedString>).baseVal ?? (href as string);
      const { protocol, host, pathname } = new URL(address, document.baseURI);
      // The location of a srcdoc frame has no host; its links start from the address of the page round it.
      const isOutbound = outbound && host !== (location.host || new URL(document.baseURI).host);
      const extension = pathname.toLowerCase().split(".").pop() as string;
      const isFile = downloads && (find("[download]") || downloads.includes(extension));
      if ((isOutbound || isFile) && address && protocol.startsWith("http") && !find(TAGGED)) {
        client.track(isOutbound ? "outbound_click" : "file_download", { href: host + pathname });
      }
    });
  };
}
