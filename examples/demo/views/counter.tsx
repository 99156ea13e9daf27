import { useTrack } from "@tallymark/sdk/react";
import { useState } from "react";
import { Tally } from "../art/tally.tsx";
import { DeveloperModeSwitch } from "../developer-mode.tsx";
import type { ShopEvents } from "../events.ts";
import { Seen } from "../seen.tsx";
import { View } from "../view.tsx";
import { ThisVisit } from "./this-visit.tsx";

const BURST = 10;

/** Behind the counter: what Tallymark sees of this visit, and things to try. */
export function Counter() {
  const track = useTrack<ShopEvents>();
  const [strokes, setStrokes] = useState(0);

  function chalkUp(): void {
    for (let i = 1; i <= BURST; i++) track("tally_mark", { stroke: strokes + i });
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
            Stop the collector and go on shopping: nothing breaks and nothing waits. What happens is kept in this
            browser, also when you reload or close the page, and sent when the collector is back.
          </p>
        </section>
      </div>
    </View>
  );
}
