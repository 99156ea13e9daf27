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
import { AddToCart } from "./add-to-cart.tsx";
import { Pages } from "./pages.tsx";

const options = { endpoint: import.meta.env.VITE_API_BASE_URL, site: "react" };

function SignUp() {
  const track = useTrack();
  return (
    <button type="button" data-testid="event-1" onClick={() => track("signup", { plan: "pro" })}>
      Sign up
    </button>
  );
}

function App() {
  useAutoBeacons();
  return (
    <Pages>
      <SignUp />
      <AddToCart />
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
