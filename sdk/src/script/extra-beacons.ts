import type { Beacon } from "../core/options.ts";
import type { start } from "./load-beacons.ts";

/** Name of the file that is built from `load-beacons.ts`, with a hash of its content. Put in by the build. */
declare const LOADER_FILE: string;

/**
 * Loads and starts what `data-beacons` asks for, from beside the main file; nothing where the tag has no such attribute.
 * It is `import()` that loads the loader: that takes the tag's nonce along and needs no Trusted Types. Where the file is
 * not to be had, everything else counts on.
 */
export function extraBeacons(tag: HTMLScriptElement | null | undefined): Beacon {
  return function startExtraBeacons(client) {
    const started =
      tag?.dataset.beacons &&
      import(/* @vite-ignore */ tag.src.replace(/[^/]*$/, `./${LOADER_FILE}`)).then(
        (loader: { readonly start: typeof start }) => loader.start(client, tag),
        () => undefined,
      );
    return () => {
      if (started) started.then((stop) => stop?.());
    };
  };
}
