import { useState } from "react";
import { Pot } from "../art/pot.tsx";
import { Link } from "../router.tsx";
import { Seen } from "../seen.tsx";
import { useBasket } from "../shop/basket.tsx";
import { formatPrice } from "../shop/products.ts";
import { View } from "../view.tsx";

/** What is in the basket, and the end of the story. */
export function BasketPage() {
  const { lines, total, remove, order } = useBasket();
  const [isOrdered, setIsOrdered] = useState(false);

  function placeOrder(): void {
    order();
    setIsOrdered(true);
  }

  return (
    <View title="Your basket" className="basket">
      <p className="lead" role="status">
        {lines.length > 0 && "Packed in straw, sent on Mondays."}
        {lines.length === 0 &&
          (isOrdered ? "Thank you. In a real shop, straw would be flying now." : "Nothing in it yet.")}
      </p>
      {lines.length > 0 ? (
        <>
          <ul className="basket-lines">
            {lines.map(({ product, quantity }) => (
              <li key={product.sku}>
                <Pot form={product.form} glaze={product.glaze} />
                <span>
                  <Link to={`/shop/${product.slug}`}>{product.name}</Link>
                  <span className="card-note">
                    {quantity} × {formatPrice(product.price)}
                  </span>
                </span>
                <strong>{formatPrice(quantity * product.price)}</strong>
                <button type="button" className="quiet" onClick={() => remove(product)}>
                  Remove<span className="visually-hidden"> {product.name}</span>
                </button>
              </li>
            ))}
          </ul>
          <p className="basket-total">
            Total <strong>{formatPrice(total)}</strong>
          </p>
          <div className="buy">
            <button type="button" className="button" onClick={placeOrder}>
              Place the order
            </button>
            <Seen event="order_placed" says="items, total" />
          </div>
        </>
      ) : (
        <Link className="button" to="/shop">
          See the pots
        </Link>
      )}
    </View>
  );
}
