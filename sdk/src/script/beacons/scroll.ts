import { scrollDepth } from "../../beacons/scroll-depth.ts";
import { deliver } from "../deliver.ts";

deliver(scrollDepth());
