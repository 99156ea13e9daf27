import { useSnapshot } from "@tallymark/sdk/react";
import { Tally } from "../art/tally.tsx";
import { useDeveloperMode } from "../developer-mode.tsx";
import { useConsent } from "./use-consent.ts";

/**
 * Who the visitor is to Tallymark, and their say. The collector is asked for the tally in developer mode only: a visitor's
 * page has no business reading.
 */
export function ThisVisit() {
  const { isOn } = useDeveloperMode();
  const { status, snapshot } = useSnapshot({ enabled: isOn, token: import.meta.env.VITE_METRICS_READ_TOKEN });
  const { visitorId, agree, refuse } = useConsent();
  const own = snapshot?.last_events.filter(({ visitor_id }) => visitor_id === visitorId).length;

  if (visitorId === "") {
    return (
      <>
        <p>
          You are nobody: you yourself or this browser have asked not to be counted. Nothing is sent, and there is no
          number.
        </p>
        <button type="button" className="button" onClick={agree}>
          Count me
        </button>
      </>
    );
  }
  return (
    <>
      <p>You are a random number, made by this browser, kept in this browser, tied to nothing:</p>
      <p className="visitor">
        <code>{visitorId}</code>
      </p>
      {!isOn && <p>Switch developer mode on to see your tally.</p>}
      {isOn && status === "error" && <p>The collector does not answer. The shop does not mind.</p>}
      {isOn && own !== undefined && status !== "error" && (
        <>
          <p className="chalk">
            <Tally count={own} />
          </p>
          <p>{own} of the newest events are yours.</p>
        </>
      )}
      <button type="button" className="quiet" onClick={refuse}>
        Count me out
      </button>
    </>
  );
}
