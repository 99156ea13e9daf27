import type { Kind } from "./shop/products.ts";

/** What the shop tells Tallymark by itself, besides page views and clicks on links; a wrong name or value does not compile. */
export interface ShopEvents {
  readonly filter_products: { readonly kind: Kind | "all" };
  readonly add_to_cart: { readonly sku: string; readonly quantity: number; readonly price: number };
  readonly remove_from_cart: { readonly sku: string };
  /** `total` is in pounds. */
  readonly order_placed: { readonly items: number; readonly total: number };
  readonly tally_mark: { readonly stroke: number };
}
