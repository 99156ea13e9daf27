import "../shared/pages.ts";

// snippet
document.querySelector("#sign-up").addEventListener("click", () => {
  window.tallymark?.track("signup", { plan: "pro" });
});
// /snippet

document.querySelector("[data-testid=event-2]").addEventListener("click", () => {
  window.tallymark?.track("add_to_cart", { sku: "TM-1", quantity: 2 });
});
