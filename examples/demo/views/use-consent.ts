import { useTallymark } from "@tallymark/sdk/react";
import { useEffect, useState } from "react";
import { rememberConsent } from "../consent.ts";

/** Who Tallymark takes this visitor for, and the ways to change that. */
interface Consent {
  /** `""` for one who is not counted; undefined until the client has started. */
  readonly visitorId: string | undefined;
  agree(): void;
  refuse(): void;
}

/** The visitor's say. */
export function useConsent(): Consent {
  const tallymark = useTallymark();
  const [visitorId, setVisitorId] = useState<string>();

  // The provider starts the client just after the effects of its children; until then there is no id.
  useEffect(() => {
    queueMicrotask(() => setVisitorId(tallymark.getVisitorId()));
  }, [tallymark]);

  function decide(isGranted: boolean): void {
    rememberConsent(isGranted);
    if (isGranted) tallymark.optIn();
    else tallymark.optOut();
    setVisitorId(tallymark.getVisitorId());
  }

  return { visitorId, agree: () => decide(true), refuse: () => decide(false) };
}
