import { createTallymark } from "@tallymark/sdk";
import { pageViews } from "@tallymark/sdk/beacons";

const client = createTallymark({ endpoint: location.origin, beacons: [pageViews()] });
window.benchTrack = () => client.track("bench_click", { a: "1" });
