import { useTrack } from "@tallymark/sdk/react";
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import type { ShopEvents } from "../events.ts";
import { PRODUCTS, type Product } from "./products.ts";

/** One line of the basket. */
export interface BasketLine {
  readonly product: Product;
  readonly quantity: number;
}

/** What somebody is about to buy. It lives as long as the page. */
interface Basket {
  readonly lines: readonly BasketLine[];
  /** Number of pots. */
  readonly count: number;
  /** In pounds. */
  readonly total: number;
  add(product: Product, quantity: number): void;
  remove(product: Product): void;
  order(): void;
}

const Context = createContext<Basket | undefined>(undefined);

/** Keeps the basket, and tells Tallymark what is done with it. */
export function BasketProvider({ children }: { readonly children: ReactNode }) {
  const track = useTrack<ShopEvents>();
  const [quantities, setQuantities] = useState<{ readonly [sku: string]: number }>({});

  const basket = useMemo((): Basket => {
    const lines = PRODUCTS.map((product) => ({ product, quantity: quantities[product.sku] ?? 0 }));
    const chosen = lines.filter(({ quantity }) => quantity > 0);
    const count = chosen.reduce((sum, { quantity }) => sum + quantity, 0);
    const total = chosen.reduce((sum, { product, quantity }) => sum + product.price * quantity, 0);
    return {
      lines: chosen,
      count,
      total,
      add({ sku, price }, quantity) {
        setQuantities((before) => ({ ...before, [sku]: (before[sku] ?? 0) + quantity }));
        track("add_to_cart", { sku, quantity, price });
      },
      remove({ sku }) {
        setQuantities((before) => ({ ...before, [sku]: 0 }));
        track("remove_from_cart", { sku });
      },
      order() {
        track("order_placed", { items: count, total });
        setQuantities({});
      },
    };
  }, [quantities, track]);
  return <Context value={basket}>{children}</Context>;
}

/** The basket of this visit. */
export function useBasket(): Basket {
  const basket = useContext(Context);
  if (!basket) throw new Error("useBasket needs a <BasketProvider> above it.");
  return basket;
}
