import { createTallymark } from "@tallymark/sdk";
import { EVERY_BEACON } from "../../test/every-beacon.ts";

const beacons = Object.values(EVERY_BEACON).map((beacon) => beacon());
const client = createTallymark({ endpoint: location.origin, beacons });
window.benchFlush = () => client.flush();
