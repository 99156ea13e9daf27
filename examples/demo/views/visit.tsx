import { Estuary } from "../art/estuary.tsx";
import { Seen } from "../seen.tsx";
import { View } from "../view.tsx";

/** About the workshop: with a link out, and a file. */
export function Visit() {
  return (
    <View className="visit" title="The workshop">
      <p className="lead">A boat shed with a chimney, at the end of the only road.</p>
      <div className="article-picture">
        <Estuary sky="noon" wide />
      </div>
      <div className="columns">
        <section>
          <h2>Open</h2>
          <dl className="facts">
            <dt>Thu, Fri</dt>
            <dd>11 to 5</dd>
            <dt>Saturday</dt>
            <dd>10 to 6</dd>
            <dt>Spring tide</dt>
            <dd>Not at all. The road is under water.</dd>
          </dl>
        </section>
        <section>
          <h2>Before you come</h2>
          <p>
            The clay is grey when wet and honest when dry; wear neither black nor white. If the words are new to you,{" "}
            <a href="https://en.wikipedia.org/wiki/Stoneware" target="_blank" rel="noreferrer">
              read about stoneware
            </a>{" "}
            first. <Seen event="outbound_click" says="href" />
          </p>
          <p>
            Our glazes are no secret:{" "}
            <a href="/downloads/saltmarsh-glazes.csv" download>
              recipes for all eight, as a table
            </a>
            . <Seen event="file_download" says="href" />
          </p>
        </section>
      </div>
    </View>
  );
}
