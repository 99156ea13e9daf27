// snippet
import { createTallymark } from "@tallymark/sdk";
import { pageViews } from "@tallymark/sdk/beacons";
import { deferredFlush, offlineQueue } from "@tallymark/sdk/plugins";

interface Events {
  signup: { plan: "free" | "pro" };
  search: { results: number };
  logout: undefined;
}

// Names and metadata are checked at compile time; without <Events> anything goes.
const tallymark = createTallymark<Events>({
  endpoint: import.meta.env.VITE_API_BASE_URL,
  site: "consent",
  beacons: [
    offlineQueue(), // survives reload, crash and days offline, in the visitor's own storage
    deferredFlush(), // leaves the last batch with the browser (fetchLater), which sends it even if the page is killed
    pageViews(),
  ],
  consent: "pending", // or "granted" (default), "denied"
  identity: "persistent", // or "session", "memory", "none": the collector then makes an id that changes every day
  sampleRate: 1, // share of the visitors; stamped on each event, so that counts can be put right
  sampleRates: { search: 0.05 }, // of single events; they nest
  beforeSend: (event) => (event.url?.startsWith("/admin") ? null : event),
});

document.querySelector("#sign-up")?.addEventListener("click", () => tallymark.track("signup", { plan: "pro" }));
document.querySelector("#accept")?.addEventListener("click", () => tallymark.optIn());
document.querySelector("#refuse")?.addEventListener("click", () => tallymark.optOut());
document.querySelector("#forget")?.addEventListener("click", () => tallymark.forget());
// /snippet
