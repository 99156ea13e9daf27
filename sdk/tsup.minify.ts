import type { Options } from "tsup";

type EsbuildOptions = Parameters<NonNullable<Options["esbuildOptions"]>>[0];

/**
 * Names that begin with `_` are between the files of this package, and short in all that is published. Fixed here, so that
 * they are the same in files which are built apart.
 */
const SHORT_NAMES = {
  _area: "a",
  _dispatch: "d",
  _drop: "r",
  _enqueue: "q",
  _envelope: "v",
  _ids: "i",
  _leave: "e",
  _maySend: "m",
  _observe: "o",
  _outbox: "b",
  _ready: "y",
  _url: "u",
  _view: "p",
  _waiting: "w",
  _wipe: "x",
};

/** What all builds share. */
export function mangle(options: EsbuildOptions): void {
  options.mangleProps = /^_[a-z]/;
  options.mangleCache = SHORT_NAMES;
  // Of ES2022 alone: whoever knows the `??=` of ES2021 knows them, and to spell them otherwise takes a helper.
  options.supported = { "class-field": true };
}

/** Functions that speak to the developer: calls of them are not in production. */
export const DEVELOPMENT_ONLY = ["warn", "checkMetadata", "checkOptions", "warnOfRejected"];

/** Minified by terser, and without the warnings of development. */
export const production: Options = {
  minify: "terser",
  terserOptions: {
    ecma: 2020,
    compress: {
      // "use client" is for frameworks with server components.
      directives: false,
      inline: 1,
      passes: 3,
      pure_funcs: DEVELOPMENT_ONLY,
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
  esbuildOptions: mangle,
};
