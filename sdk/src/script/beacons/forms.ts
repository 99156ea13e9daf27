import { formSubmits } from "../../beacons/form-submits.ts";
import { deliver } from "../deliver.ts";

deliver(formSubmits());
