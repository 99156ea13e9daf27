import { Estuary } from "../art/estuary.tsx";
import { Link } from "../router.tsx";
import { ARTICLES } from "../shop/articles.ts";
import { View } from "../view.tsx";

/** The list of articles. */
export function Journal() {
  return (
    <View title="Journal">
      <p className="lead">Notes from the wheel, the kiln and the mud between them.</p>
      <ul className="entries">
        {ARTICLES.map(({ slug, title, date, minutes, sky, lead }) => (
          <li key={slug} className="entry">
            <div className="entry-picture">
              <Estuary sky={sky} wide />
            </div>
            <div>
              <p className="eyebrow">
                {date} · {minutes} minutes
              </p>
              <h2>
                <Link to={`/journal/${slug}`}>{title}</Link>
              </h2>
              <p>{lead}</p>
            </div>
          </li>
        ))}
      </ul>
    </View>
  );
}
