import { deadClicks } from "../../beacons/dead-clicks.ts";
import { deliver } from "../deliver.ts";

deliver(deadClicks());
