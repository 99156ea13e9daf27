import { isBrowser, listen } from "../core/lifecycle.ts";
import type { Beacon } from "../core/options.ts";
import { scrubReferrer } from "../core/scrub.ts";
import { type ClickedLink, findLink } from "./lib/find-link.ts";

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
 * event: a file on another host is an outbound click. Clicks with any modifier and with the middle button count, the
 * right button does not. The navigation itself is never delayed, prevented or repeated.
 * Nothing is tracked inside an element marked `data-tallymark-ignore`.
 */
export function linkClicks({ downloads = DOWNLOADS.split(" "), outbound = true }: LinkClicksOptions = {}): Beacon {
  return function startLinkClicks(client) {
    if (!isBrowser()) return () => {};

    const isFile = ({ address, isDownload }: ClickedLink): boolean => {
      const extension = /\.(\w+)$/.exec(address.pathname)?.[1] ?? "";
      return downloads && (isDownload || downloads.includes(extension.toLowerCase()));
    };

    const onClick = (event: MouseEvent): void => {
      // Firefox before 68 fires `click` for every button, and `auxclick` besides.
      if (event.button !== (event.type === "click" ? 0 : 1)) return;
      try {
        const link = findLink(event);
        if (!link) return;
        // The location of a srcdoc frame has no host; its links start from the address of the page round it.
        const ownHost = location.host || new URL(document.baseURI).host;
        const isOutbound = outbound && link.address.host !== ownHost;
        if (!isOutbound && !isFile(link)) return;
        client.track(isOutbound ? "outbound_click" : "file_download", { href: scrubReferrer(link.address.href) });
      } catch {
        // A broken address: the link leads nowhere.
      }
    };

    return listen("click auxclick", onClick, true);
  };
}
