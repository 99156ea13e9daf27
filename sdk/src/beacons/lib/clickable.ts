/** What a visitor expects to answer a click, by its markup. */
export const CLICKABLE = "a,button,summary,label,input,[role=button]";

/** Where clicks are not told from rage or from death: they set a cursor, select, open what no page can see, play. */
export const QUIET = "input:not([type=submit],[type=button]),select,textarea,[contenteditable],canvas,video,audio";
