import { useSnapshot, useTallymark } from "@tallymark/sdk/react";
import { useEffect, useState } from "react";
import { Tally } from "../art/tally.tsx";
import { DeveloperModeSwitch, useDeveloperMode } from "../developer-mode.tsx";
import { Seen } from "../seen.tsx";
import { View } from "../view.tsx";

const BURST = 10;

/** Behind the counter: what Tallymark sees of this visit, and things to try. */
export function Counter() {
  const tallymark = useTallymark();
  const [strokes, setStrokes] = useState(0);

  function chalkUp(): void {
    for (let i = 1; i <= BURST; i++) tallymark.track("tally_mark", { stroke: strokes + i });
    setStrokes(strokes + BURST);
  }

  return (
    <View className="counter" title="Behind the counter">
      <p className="lead">
        This shop does not exist, but its numbers are real: each click becomes one line in a file on your own machine.
      </p>
      <div className="tiles">
        <section className="tile">
          <h2>Chalk up ten</h2>
          <p>Ten events as fast as a loop can go. They leave in one request, and arrive once each, in order.</p>
          <p className="chalk">
            <Tally count={strokes} />
            <span className="visually-hidden" role="status">
              {strokes} strokes
            </span>
          </p>
          <button type="button" className="button" onClick={chalkUp}>
            Fire ten events
          </button>
          <Seen event="tally_mark × 10" says="stroke" />
        </section>
        <section className="tile">
          <h2>This visit</h2>
          <ThisVisit />
        </section>
        <section className="tile">
          <h2>See for yourself</h2>
          <p>
            Developer mode puts a badge in the corner; it opens a panel with the live events. Small labels tell what
            each button sends. It is also switched by <code>?dev=1</code> and <code>?dev=0</code> in the address.
          </p>
          <DeveloperModeSwitch />
        </section>
        <section className="tile">
          <h2>Pull the plug</h2>
          <p>
            Stop the collector and go on shopping: nothing breaks and nothing waits. While this page stays open, what
            happens is kept, and sent when the collector is back.
          </p>
        </section>
      </div>
    </View>
  );
}

/** Asked of the collector only in developer mode: a visitor's page has no business reading. */
function ThisVisit() {
  const { isOn } = useDeveloperMode();
  const { status, snapshot } = useSnapshot({ enabled: isOn, token: import.meta.env.VITE_METRICS_READ_TOKEN });
  const visitorId = useVisitorId();
  const own = snapshot?.last_events.filter(({ visitor_id }) => visitor_id === visitorId).length;

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
    </>
  );
}

/** The provider starts the client just after the effects of its children; until then there is no id. */
function useVisitorId(): string {
  const tallymark = useTallymark();
  const [visitorId, setVisitorId] = useState("");
  useEffect(() => {
    queueMicrotask(() => setVisitorId(tallymark.getVisitorId()));
  }, [tallymark]);
  return visitorId;
}
