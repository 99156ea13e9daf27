import { errors } from "../../beacons/errors.ts";
import { deliver } from "../deliver.ts";

deliver(errors());
