import type { Sky } from "../art/estuary.tsx";

/** One entry of the journal. */
export interface Article {
  readonly slug: string;
  readonly title: string;
  readonly date: string;
  /** Reading time, in minutes. */
  readonly minutes: number;
  readonly sky: Sky;
  readonly lead: string;
  readonly paragraphs: readonly string[];
}

/** The journal, newest first. */
export const ARTICLES: readonly Article[] = [
  {
    slug: "forty-hours-of-fire",
    title: "Forty hours of fire",
    date: "14 November 2026",
    minutes: 4,
    sky: "dusk",
    lead: "The big kiln is lit four times a year. Somebody has to stay up with it.",
    paragraphs: [
      "We light it on a Thursday, with newspaper and a little superstition. For the first night the fire is kept small: the pots still hold water that no finger can feel, and steam that leaves in a hurry takes the wall of a jug along.",
      "By Friday noon the spy hole glows like the inside of a peach. From here on one of us is always in the chair beside it, with a notebook, a flask, and a row of cones that bend when they have had enough.",
      "At 1,280 degrees the glazes are as wet as honey. We close everything, brick up the door with clay, and go to bed. It takes two days before anyone may look.",
    ],
  },
  {
    slug: "what-reeds-are-good-for",
    title: "What reeds are good for",
    date: "2 October 2026",
    minutes: 3,
    sky: "noon",
    lead: "Thatch, mostly. But the ash of a winter's cutting makes forty litres of green.",
    paragraphs: [
      "Every February the warden cuts the north bank, and every March we come round with a trailer and ask nicely. What is too short for a roof is long enough for us.",
      "Burnt slowly, the reeds leave an ash full of silica and a little potash: most of a glaze, in other words, made by a plant. Washed three times, sieved twice and mixed with local clay, it melts into the green of our bowls.",
      "It is never the same green. A wet summer gives a bluer one. We have stopped apologising for that.",
    ],
  },
  {
    slug: "counting-the-kiln",
    title: "Counting the kiln",
    date: "18 August 2026",
    minutes: 2,
    sky: "dawn",
    lead: "We keep a tally on the workshop wall. It is wrong less often than we are.",
    paragraphs: [
      "Four strokes and one across: packed, fired, whole, sold. The wall by the door has held every pot since 2009, in chalk, and it needs no password.",
      "The shop's own numbers are kept the same way. One line for each thing that happened, in a file we can read. We know how many people looked at a teapot. We do not know who they are, and have never missed it.",
      "If you want to see the tally of your own visit, it hangs behind the counter.",
    ],
  },
];
