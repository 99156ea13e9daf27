/**
 * What may be sent of an address, wherever one appears: no credentials, no fragment, and of the query only `utm_*`. Nothing
 * of a `file:` address, which names the user's folders, or of a `data:` address, which is the document itself.
 */
export function scrub(address = ""): string {
  return (
    address.replace(/(\/\/)[^/?#]*@|(^data:|^file:|[?#]).*/gs, "$1") +
    (address.match(/[?&]utm_[^&#]*/g) ?? []).join("").replace(/^&/, "?")
  );
}
