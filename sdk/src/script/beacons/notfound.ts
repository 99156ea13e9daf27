import { notFound } from "../../beacons/not-found.ts";
import { deliver } from "../deliver.ts";

deliver(notFound());
