import { Estuary } from "../art/estuary.tsx";
import { Link } from "../router.tsx";
import type { Article } from "../shop/articles.ts";
import { View } from "../view.tsx";

/** One article of the journal. */
export function ArticlePage({ article }: { readonly article: Article }) {
  return (
    <View className="article" title={article.title}>
      <p className="eyebrow">
        {article.date} · {article.minutes} minutes
      </p>
      <div className="article-picture">
        <Estuary sky={article.sky} wide />
      </div>
      <p className="lead">{article.lead}</p>
      {article.paragraphs.map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
      <p>
        <Link className="quiet" to="/journal">
          Back to the journal
        </Link>
      </p>
    </View>
  );
}
