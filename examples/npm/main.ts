import "../shared/pages.ts";

// snippet
import { createTallymark } from "@tallymark/sdk";
import { autoBeacons } from "@tallymark/sdk/beacons";
import { devTools } from "@tallymark/sdk/dev";

const endpoint = import.meta.env.VITE_API_BASE_URL;

const tallymark = createTallymark({
  endpoint,
  site: "npm",
  beacons: [autoBeacons(), devTools({ endpoint })],
});

document.querySelector("#sign-up")?.addEventListener("click", () => {
  tallymark.track("signup", { plan: "pro" });
});
// /snippet

document.querySelector("[data-testid=event-2]")?.addEventListener("click", () => {
  tallymark.track("add_to_cart", { sku: "TM-1", quantity: 2 });
});
