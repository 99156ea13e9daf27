// snippet
import {
  DebugPanel,
  MetricsBadge,
  PrivilegedOnly,
  TallymarkProvider,
  useAutoBeacons,
  useTrack,
} from "@tallymark/sdk/react";
import { createRoot } from "react-dom/client";
import { Pages } from "./pages.tsx";

const options = { endpoint: import.meta.env.VITE_API_BASE_URL, site: "react" };

function App() {
  useAutoBeacons();
  const track = useTrack();
  return (
    <Pages>
      <button type="button" data-testid="event-1" onClick={() => track("signup", { plan: "pro" })}>
        Sign up
      </button>
      <button type="button" data-testid="event-2" onClick={() => track("add_to_cart", { sku: "TM-1", quantity: 2 })}>
        Add to cart
      </button>
    </Pages>
  );
}

createRoot(document.getElementById("root") as HTMLElement).render(
  <TallymarkProvider options={options}>
    <App />
    <PrivilegedOnly>
      <MetricsBadge />
      <DebugPanel />
    </PrivilegedOnly>
  </TallymarkProvider>,
);
// /snippet
