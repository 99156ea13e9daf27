import { Pot } from "../art/pot.tsx";
import { Link } from "../router.tsx";
import { formatPrice, glazeOf, type Product } from "./products.ts";

/** A product in a list: all of it leads to its page. */
export function ProductCard({ product }: { readonly product: Product }) {
  return (
    <li className="card">
      <div className="card-picture">
        <Pot form={product.form} glaze={product.glaze} />
      </div>
      <h3>
        <Link to={`/shop/${product.slug}`}>{product.name}</Link>
      </h3>
      <p className="price">{formatPrice(product.price)}</p>
      <p className="card-note">{glazeOf(product)}</p>
    </li>
  );
}
