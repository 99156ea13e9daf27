import type { ProfilePoint } from "./vessel-path.ts";

/** How a pot is built, in a square of 240. */
export interface Form {
  /** From the rim to the foot. */
  readonly profile: readonly ProfilePoint[];
  /** Height at which the second glaze begins. */
  readonly dip: number;
  /** Drawn behind the body, as strokes. */
  readonly handle?: string;
  readonly spout?: string;
  readonly lid?: readonly ProfilePoint[];
}

/** The forms of the workshop. */
export const FORMS = {
  mug: {
    profile: [
      [74, 50],
      [90, 51],
      [130, 53],
      [168, 51],
      [190, 44],
      [196, 40],
    ],
    dip: 140,
    handle: "M170 98C206 92 214 116 206 134C200 150 186 160 168 162",
  },
  bowl: {
    profile: [
      [96, 86],
      [112, 84],
      [140, 74],
      [168, 54],
      [182, 36],
      [188, 32],
      [196, 33],
    ],
    dip: 138,
  },
  bottle: {
    profile: [
      [36, 17],
      [44, 13],
      [68, 11],
      [90, 15],
      [112, 38],
      [142, 55],
      [170, 54],
      [190, 42],
      [196, 38],
    ],
    dip: 120,
  },
  jug: {
    profile: [
      [48, 30],
      [58, 27],
      [80, 28],
      [104, 42],
      [134, 55],
      [164, 54],
      [188, 43],
      [196, 40],
    ],
    dip: 108,
    handle: "M148 58C186 48 204 78 196 108C190 130 180 140 172 144",
    spout: "M93 54C82 44 76 40 68 40C76 48 84 62 92 82Z",
  },
  planter: {
    profile: [
      [72, 62],
      [80, 63],
      [90, 60],
      [120, 57],
      [160, 52],
      [192, 46],
      [196, 45],
    ],
    dip: 112,
  },
  jar: {
    profile: [
      [84, 38],
      [92, 46],
      [112, 60],
      [140, 64],
      [168, 58],
      [190, 44],
      [196, 41],
    ],
    dip: 132,
    lid: [
      [42, 6],
      [47, 9],
      [53, 6],
      [60, 9],
      [70, 26],
      [80, 42],
      [84, 44],
    ],
  },
  dish: {
    profile: [
      [142, 96],
      [150, 95],
      [164, 84],
      [176, 60],
      [184, 44],
      [192, 44],
    ],
    dip: 162,
  },
  teapot: {
    profile: [
      [92, 32],
      [100, 44],
      [118, 61],
      [144, 67],
      [170, 60],
      [190, 44],
      [196, 40],
    ],
    dip: 146,
    handle: "M88 104C44 84 26 112 36 138C42 154 54 162 66 166",
    spout: "M170 158C190 150 194 120 214 100L222 106C212 126 212 158 172 174Z",
    lid: [
      [56, 5],
      [61, 8],
      [67, 5],
      [73, 8],
      [82, 24],
      [90, 35],
      [92, 36],
    ],
  },
} satisfies { readonly [name: string]: Form };

export type FormName = keyof typeof FORMS;
