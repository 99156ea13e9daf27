import { Estuary } from "../art/estuary.tsx";
import { Pot } from "../art/pot.tsx";
import { Link } from "../router.tsx";
import { ARTICLES } from "../shop/articles.ts";
import { ProductCard } from "../shop/product-card.tsx";
import { PRODUCTS } from "../shop/products.ts";
import { View } from "../view.tsx";

const FEATURED = ["ebb-mug", "curlew-bottle", "lantern-jar", "cormorant-teapot"];

/** The front page. */
export function Home() {
  const [newest] = ARTICLES;
  return (
    <View className="home" title="Stoneware from where the river gives up" documentTitle="Stoneware from the estuary">
      <p className="lead">
        Two potters, one kiln, and a view that changes twice a day. Everything here was thrown, dipped and fired within
        sight of the water.
      </p>
      <p className="hero-actions">
        <Link className="button" to="/shop">
          See the pots
        </Link>
        <Link className="quiet" to="/visit">
          Visit the workshop
        </Link>
      </p>
      <div className="hero-picture">
        <Estuary sky="dawn" />
        <div className="sill">
          <Pot form="bottle" glaze="oat" />
          <Pot form="jug" glaze="lagoon" />
          <Pot form="bowl" glaze="iron" />
        </div>
      </div>

      <section aria-labelledby="fresh">
        <header className="section-head">
          <h2 id="fresh">Out of the last firing</h2>
          <Link to="/shop">All eight</Link>
        </header>
        <ul className="cards">
          {PRODUCTS.filter(({ slug }) => FEATURED.includes(slug)).map((product) => (
            <ProductCard key={product.sku} product={product} />
          ))}
        </ul>
      </section>

      {newest && (
        <section className="teaser" aria-labelledby="journal">
          <div className="teaser-picture">
            <Estuary sky={newest.sky} wide />
          </div>
          <div>
            <p className="eyebrow">From the journal</p>
            <h2 id="journal">{newest.title}</h2>
            <p>{newest.lead}</p>
            <Link className="quiet" to={`/journal/${newest.slug}`}>
              Read on, {newest.minutes} minutes
            </Link>
          </div>
        </section>
      )}
    </View>
  );
}
