/** Put in by the build; not there where the source runs as it is. */
declare const __VERSION__: string | undefined;

/** Who sends, as `name@version`: the `sdk` of every batch. */
export const SDK = `@tallymark/sdk@${typeof __VERSION__ === "undefined" ? "0.0.0-source" : __VERSION__}`;
