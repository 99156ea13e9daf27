import { useTrack } from "@tallymark/sdk/react";
import { useState } from "react";
import type { ShopEvents } from "../events.ts";
import { Seen } from "../seen.tsx";
import { ProductCard } from "../shop/product-card.tsx";
import { type Kind, PRODUCTS } from "../shop/products.ts";
import { View } from "../view.tsx";

const FILTERS: readonly { readonly kind: Kind | "all"; readonly name: string }[] = [
  { kind: "all", name: "All" },
  { kind: "drink", name: "To drink from" },
  { kind: "table", name: "For the table" },
  { kind: "room", name: "For the room" },
];

/** All products, with a filter. */
export function Shop() {
  const track = useTrack<ShopEvents>();
  const [kind, setKind] = useState<Kind | "all">("all");
  const shown = PRODUCTS.filter((product) => kind === "all" || product.kind === kind);

  function choose(wanted: Kind | "all"): void {
    if (wanted === kind) return;
    setKind(wanted);
    track("filter_products", { kind: wanted });
  }

  return (
    <View title="The pots">
      <p className="lead">Small batches. What is gone is gone until the next firing, in February.</p>
      <div className="filters">
        <fieldset>
          <legend className="visually-hidden">Show</legend>
          {FILTERS.map((filter) => (
            <label key={filter.kind} className="filter">
              <input
                type="radio"
                name="kind"
                className="visually-hidden"
                checked={filter.kind === kind}
                onChange={() => choose(filter.kind)}
              />
              <span>{filter.name}</span>
            </label>
          ))}
        </fieldset>
        <Seen event="filter_products" says="kind" />
        <p className="visually-hidden" role="status">
          {shown.length} pots
        </p>
      </div>
      <h2 className="visually-hidden">Products</h2>
      <ul className="cards">
        {shown.map((product) => (
          <ProductCard key={product.sku} product={product} />
        ))}
      </ul>
    </View>
  );
}
