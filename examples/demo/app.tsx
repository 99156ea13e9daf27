import { DebugPanel, MetricsBadge, PrivilegedOnly, useAutoBeacons } from "@tallymark/sdk/react";
import { DeveloperModeProvider, useDeveloperMode } from "./developer-mode.tsx";
import { Layout } from "./layout.tsx";
import { Page } from "./page.tsx";
import { BasketProvider } from "./shop/basket.tsx";

/** The demo shop. */
export function App() {
  return (
    <DeveloperModeProvider>
      <Site />
      <DeveloperTools />
    </DeveloperModeProvider>
  );
}

function Site() {
  useAutoBeacons();
  return (
    <BasketProvider>
      <Layout>
        <Page />
      </Layout>
    </BasketProvider>
  );
}

function DeveloperTools() {
  const { isOn } = useDeveloperMode();
  const token = import.meta.env.VITE_METRICS_READ_TOKEN;
  // The guard is read on mount, hence the key: the switch of this page changes it later.
  return (
    <PrivilegedOnly key={String(isOn)}>
      <MetricsBadge token={token} />
      <DebugPanel token={token} />
    </PrivilegedOnly>
  );
}
