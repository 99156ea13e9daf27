import { webVitals } from "../../beacons/web-vitals.ts";
import { deliver } from "../deliver.ts";

deliver(webVitals());
