import { engagement } from "../../beacons/engagement.ts";
import { deliver } from "../deliver.ts";

deliver(engagement());
