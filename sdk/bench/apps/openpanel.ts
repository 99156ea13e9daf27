import { OpenPanel } from "@openpanel/web";

const client = new OpenPanel({ clientId: "bench", apiUrl: location.origin, trackScreenViews: true });
window.benchTrack = () => client.track("bench_click", { a: "1" });
