import type { Options } from "tsup";
import { arrowFunctions } from "./arrow-functions.ts";

type EsbuildOptions = Parameters<NonNullable<Options["esbuildOptions"]>>[0];

/**
 * Names that begin with `_` are between the files of this package, and short in all that is published. Fixed here, so that
 * they are the same in files which are built apart. Which letter is whose was found by trying: these compress best.
 */
const SHORT_NAMES = {
  _area: "t",
  _dispatch: "b",
  _drop: "a",
  _enqueue: "n",
  _envelope: "o",
  _ids: "e",
  _leave: "l",
  _maySend: "c",
  _observe: "p",
  _outbox: "v",
  _ready: "y",
  _url: "r",
  _view: "d",
  _waiting: "w",
  _wipe: "i",
};

/** Names of the web-vitals library's that only it and our `web-vitals.ts` and `vitals-attribution.ts` use. */
const LIBRARY_NAMES = {
  firstHiddenTime: "S",
  generateTarget: "X",
  intersectingDuration: "L",
  longestScript: "k",
  navigationInteractionId: "h",
  navigationStartTime: "M",
  navigationType: "z",
  navigationURL: "J",
  onHidden: "q",
  reportSoftNavs: "u",
  subpart: "I",
};

/** What all builds share. */
export function mangle(options: EsbuildOptions): void {
  options.mangleProps = RegExp(`^(_[a-z]|(${Object.keys(LIBRARY_NAMES).join("|")})$)`);
  options.mangleCache = { ...SHORT_NAMES, ...LIBRARY_NAMES };
  // Of ES2022 alone: whoever knows the `??=` of ES2021 knows them, and to spell them otherwise takes a helper.
  options.supported = { "class-field": true };
}

/** Functions that speak to the developer: calls of them are not in production. */
export const DEVELOPMENT_ONLY = ["warn", "checkMetadata", "checkOptions", "warnOfRejected"];

/** Minified by terser, and without the warnings of development. */
export const production: Options = {
  plugins: [arrowFunctions],
  minify: "terser",
  terserOptions: {
    ecma: 2020,
    compress: {
      // "use client" is for frameworks with server components.
      directives: false,
      inline: 1,
      passes: 3,
      pure_funcs: DEVELOPMENT_ONLY,
      pure_getters: true,
      reduce_funcs: false,
      sequences: false,
      // Template literals become sums; we redefine no built-ins.
      unsafe: true,
      unsafe_arrows: true,
    },
    // `@__PURE__`, for the bundlers of those who import us.
    format: { preserve_annotations: true },
  },
  define: { "process.env.NODE_ENV": '"production"' },
  esbuildOptions(options) {
    mangle(options);
    // esbuild's own simplifications first: the two minifiers know different ones.
    options.minifySyntax = true;
  },
};
