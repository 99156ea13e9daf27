import { init, track } from "@plausible-analytics/tracker";

// Without captureOnLocalhost it would send nothing from here, and be unfairly fast.
init({ domain: "bench.example", endpoint: `${location.origin}/api/event`, captureOnLocalhost: true });
window.benchTrack = () => track("bench_click", { props: { a: "1" } });
