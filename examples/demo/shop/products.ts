import type { FormName } from "../art/forms.ts";
import { GLAZES, type GlazeName } from "../art/glazes.ts";

/** What a pot is for. */
export type Kind = "drink" | "table" | "room";

/** One line of the shop. */
export interface Product {
  readonly sku: string;
  /** Last part of its address. */
  readonly slug: string;
  readonly name: string;
  readonly kind: Kind;
  readonly form: FormName;
  readonly glaze: GlazeName;
  /** In pounds. */
  readonly price: number;
  readonly size: string;
  readonly line: string;
  readonly story: string;
}

/** What the workshop sells. */
export const PRODUCTS: readonly Product[] = [
  {
    sku: "SM-01",
    slug: "ebb-mug",
    name: "Ebb mug",
    kind: "drink",
    form: "mug",
    glaze: "tide",
    price: 28,
    size: "9 cm high, 320 ml",
    line: "For the first coffee, and the one that goes cold.",
    story:
      "The glaze line is where the tide stood when the mug was dipped: by hand, for four seconds, never twice the same. The handle takes two fingers, or three if you knit.",
  },
  {
    sku: "SM-02",
    slug: "samphire-bowl",
    name: "Samphire bowl",
    kind: "table",
    form: "bowl",
    glaze: "samphire",
    price: 46,
    size: "22 cm across, 1.4 l",
    line: "Wide enough for a salad and an argument.",
    story:
      "Thrown thick and turned thin, with a foot you can hook a finger under. Ash from the reed cutting goes into the glaze and makes it run a little at the rim.",
  },
  {
    sku: "SM-03",
    slug: "curlew-bottle",
    name: "Curlew bottle",
    kind: "room",
    form: "bottle",
    glaze: "oat",
    price: 85,
    size: "31 cm high",
    line: "One stem is plenty.",
    story:
      "Thrown in two parts and joined at the shoulder while both are leather-hard. The foot stays bare, so that the clay can be seen for what it is.",
  },
  {
    sku: "SM-04",
    slug: "marsh-jug",
    name: "Marsh jug",
    kind: "table",
    form: "jug",
    glaze: "iron",
    price: 62,
    size: "24 cm high, 1.2 l",
    line: "Pours without a drip. We checked four hundred times.",
    story:
      "An old harvest shape with a lip pulled by a wet finger. The iron glaze breaks to rust wherever it runs thin, which is wherever you would touch it.",
  },
  {
    sku: "SM-05",
    slug: "breakwater-pot",
    name: "Breakwater pot",
    kind: "room",
    form: "planter",
    glaze: "chalk",
    price: 54,
    size: "18 cm across, with a hole",
    line: "A heavy pot for a light-minded plant.",
    story:
      "Raw clay breathes, so roots stay cool; the chalk slip on the upper half is there for us. It comes with a saucer that matches, roughly.",
  },
  {
    sku: "SM-06",
    slug: "lantern-jar",
    name: "Lantern jar",
    kind: "table",
    form: "jar",
    glaze: "dusk",
    price: 72,
    size: "20 cm high, 1.6 l",
    line: "For sugar, or for letters.",
    story:
      "The lid is fired in its place and fits only its own jar. Shino likes a slow kiln: each one comes out between peach and evening.",
  },
  {
    sku: "SM-07",
    slug: "saltpan-dish",
    name: "Saltpan dish",
    kind: "table",
    form: "dish",
    glaze: "lagoon",
    price: 38,
    size: "27 cm across",
    line: "Shallow as the flats at noon.",
    story:
      "Pressed over a hump mould that came with the building. Two dips of glaze meet in the middle and settle their border in the fire.",
  },
  {
    sku: "SM-08",
    slug: "cormorant-teapot",
    name: "Cormorant teapot",
    kind: "drink",
    form: "teapot",
    glaze: "ink",
    price: 120,
    size: "17 cm high, 900 ml",
    line: "Black, patient, good at pouring.",
    story:
      "Five parts, one afternoon. The spout is cut low so that the last cup is as quick as the first, and the strainer holes are drilled by hand, all forty of them.",
  },
];

/** The glaze of a product, in words. */
export function glazeOf({ glaze }: Product): string {
  return GLAZES[glaze].name;
}

/** `£28` */
export function formatPrice(pounds: number): string {
  return `£${pounds}`;
}
