import { useState } from "react";
import { Pot } from "../art/pot.tsx";
import { Link } from "../router.tsx";
import { Seen } from "../seen.tsx";
import { useBasket } from "../shop/basket.tsx";
import { ProductCard } from "../shop/product-card.tsx";
import { formatPrice, glazeOf, PRODUCTS, type Product } from "../shop/products.ts";
import { View } from "../view.tsx";

const QUANTITIES = [1, 2, 3, 4, 5, 6];
const OTHERS = 4;

/** One product, to be put into the basket. */
export function ProductPage({ product }: { readonly product: Product }) {
  const basket = useBasket();
  const [quantity, setQuantity] = useState(1);
  const [added, setAdded] = useState("");
  const rest = PRODUCTS.filter(({ sku }) => sku !== product.sku);
  const isAlike = ({ kind }: Product) => kind === product.kind;
  const others = [...rest.filter(isAlike), ...rest.filter((one) => !isAlike(one))].slice(0, OTHERS);

  function add(): void {
    basket.add(product, quantity);
    setAdded(`${quantity} × ${product.name} ${quantity === 1 ? "is" : "are"} in your basket.`);
  }

  return (
    <View className="product" title={product.name}>
      <p className="lead">{product.line}</p>
      <div className="product-picture">
        <Pot form={product.form} glaze={product.glaze} label={`${product.name}: ${glazeOf(product)}`} />
      </div>
      <div className="product-facts">
        <p className="product-price">{formatPrice(product.price)}</p>
        <p>{product.story}</p>
        <dl className="facts">
          <dt>Glaze</dt>
          <dd>{glazeOf(product)}</dd>
          <dt>Size</dt>
          <dd>{product.size}</dd>
          <dt>Care</dt>
          <dd>Dishwasher, oven, and decades</dd>
        </dl>
        <div className="buy">
          <label>
            Quantity
            <select value={quantity} onChange={(event) => setQuantity(Number(event.target.value))}>
              {QUANTITIES.map((number) => (
                <option key={number}>{number}</option>
              ))}
            </select>
          </label>
          <button type="button" className="button" onClick={add}>
            Add to basket
          </button>
          <Seen event="add_to_cart" says="sku, quantity, price" />
        </div>
        <p className="added" role="status">
          {added}
          {added && (
            <>
              {" "}
              <Link to="/basket">See the basket</Link>
            </>
          )}
        </p>
      </div>
      <section aria-labelledby="others">
        <h2 id="others">Goes with</h2>
        <ul className="cards">
          {others.map((other) => (
            <ProductCard key={other.sku} product={other} />
          ))}
        </ul>
      </section>
    </View>
  );
}
