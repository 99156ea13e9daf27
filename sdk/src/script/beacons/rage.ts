import { rageClicks } from "../../beacons/rage-clicks.ts";
import { deliver } from "../deliver.ts";

deliver(rageClicks());
