import { deferredFlush, offlineQueue } from "@tallymark/sdk/plugins";
import { TallymarkProvider } from "@tallymark/sdk/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { readConsent } from "./consent.ts";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/layout.css";
import "./styles/shop.css";
import "./styles/views.css";
import "./styles/home.css";

const options = {
  endpoint: import.meta.env.VITE_API_BASE_URL,
  site: "saltmarsh",
  sampleRate: Number(import.meta.env.VITE_METRICS_SAMPLE_RATE ?? 1),
  consent: readConsent(),
  // What happens without network, or just before the tab is closed, is not lost.
  beacons: [offlineQueue(), deferredFlush()],
};

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <TallymarkProvider options={options}>
      <App />
    </TallymarkProvider>
  </StrictMode>,
);
