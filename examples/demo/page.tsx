import { usePath } from "./router.tsx";
import { ARTICLES } from "./shop/articles.ts";
import { PRODUCTS } from "./shop/products.ts";
import { ArticlePage } from "./views/article-page.tsx";
import { BasketPage } from "./views/basket-page.tsx";
import { Counter } from "./views/counter.tsx";
import { Home } from "./views/home.tsx";
import { Journal } from "./views/journal.tsx";
import { NotFound } from "./views/not-found.tsx";
import { ProductPage } from "./views/product-page.tsx";
import { Shop } from "./views/shop.tsx";
import { Visit } from "./views/visit.tsx";

/** The view for the current address. */
export function Page() {
  const [, section, slug] = usePath().split("/");
  const product = PRODUCTS.find((one) => one.slug === slug);
  const article = ARTICLES.find((one) => one.slug === slug);

  if (section === "" && !slug) return <Home />;
  if (section === "shop" && !slug) return <Shop />;
  if (section === "shop" && product) return <ProductPage key={slug} product={product} />;
  if (section === "journal" && !slug) return <Journal />;
  if (section === "journal" && article) return <ArticlePage key={slug} article={article} />;
  if (section === "visit" && !slug) return <Visit />;
  if (section === "basket" && !slug) return <BasketPage />;
  if (section === "counter" && !slug) return <Counter />;
  return <NotFound />;
}
