import { useTrack } from "@tallymark/sdk/react";

export function AddToCart() {
  const track = useTrack();
  return (
    <button type="button" data-testid="event-2" onClick={() => track("add_to_cart", { sku: "TM-1", quantity: 2 })}>
      Add to cart
    </button>
  );
}
