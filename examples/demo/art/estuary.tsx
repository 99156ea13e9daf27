import { useId } from "react";

const SKIES = {
  dawn: {
    high: "#f1d9c2",
    low: "#e9b996",
    sun: "#fbe9d0",
    far: "#9fb0ad",
    near: "#5f7f7f",
    water: "#b9c5bd",
    reed: "#3c4f46",
  },
  noon: {
    high: "#cfe0df",
    low: "#eef0e4",
    sun: "#fffaea",
    far: "#a5b9b3",
    near: "#6d8f83",
    water: "#a9c4c3",
    reed: "#4d5f3f",
  },
  dusk: {
    high: "#3d5560",
    low: "#c78a6d",
    sun: "#f4c48f",
    far: "#5d6a72",
    near: "#33484e",
    water: "#7f817f",
    reed: "#1c2a2b",
  },
};

export type Sky = keyof typeof SKIES;

/** Props of `Estuary`. */
export interface EstuaryProps {
  readonly sky: Sky;
  /** For a frame that is wider than high: near and far move together (default false). */
  readonly wide?: boolean;
}

/** The estuary the pottery looks out on: sky, sun, far shore, channels at low water, reeds. Decoration. */
export function Estuary({ sky, wide = false }: EstuaryProps) {
  const id = useId();
  const { high, low, sun, far, near, water, reed } = SKIES[sky];
  return (
    <svg
      className="estuary"
      viewBox={wide ? "0 96 600 340" : "0 0 600 600"}
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
    >
      <defs>
        <linearGradient id={id} x2="0" y2="1">
          <stop stopColor={high} />
          <stop offset="1" stopColor={low} />
        </linearGradient>
      </defs>
      <rect width="600" height="600" fill={`url(#${id})`} />
      <circle cx="410" cy="250" r="62" fill={sun} />
      <path d="M0 300C60 268 120 284 190 276S330 240 420 268S540 262 600 282V360H0Z" fill={far} />
      <path d="M0 338C90 306 150 332 240 322S420 312 600 330V420H0Z" fill={near} fillOpacity=".75" />
      <rect y="352" width="600" height="248" fill={water} />
      <path
        d="M330 352H486L470 366H350ZM352 374H462L452 382H362ZM366 392H446L438 398H374Z"
        fill={sun}
        fillOpacity=".6"
      />
      <path d="M0 386C120 372 180 402 270 394S400 410 360 424S120 428 0 446Z" fill={near} fillOpacity=".55" />
      <path d="M600 412C500 404 430 436 400 452S470 484 600 478Z" fill={near} fillOpacity=".45" />
      <path d="M0 500C130 466 240 498 330 496S520 520 600 508V600H0Z" fill={near} fillOpacity=".8" />
      <g transform={wide ? "translate(0 -124)" : undefined}>
        <path d="M0 552C150 530 260 556 380 548S540 556 600 544V600H0Z" fill={reed} />
        <Reeds colour={reed} />
      </g>
      <g transform={wide ? "translate(0 36)" : undefined}>
        <Birds colour={reed} />
      </g>
    </svg>
  );
}

const STEMS = Array.from({ length: 34 }, (_, i) => {
  const x = i < 20 ? 6 + i * 11 : 420 + (i - 20) * 13;
  return { x, top: 424 + ((i * 37) % 90), lean: ((i * 13) % 17) - 8 };
});

function Reeds({ colour }: { readonly colour: string }) {
  return (
    <g stroke={colour} strokeLinecap="round" fill="none">
      {STEMS.map(({ x, top, lean }) => (
        <g key={x}>
          <path d={`M${x} 570Q${x} ${(570 + top) / 2} ${x + lean} ${top}`} strokeWidth="2.5" />
          <path d={`M${x + lean} ${top}v22`} strokeWidth="6" />
        </g>
      ))}
    </g>
  );
}

function Birds({ colour }: { readonly colour: string }) {
  return (
    <g stroke={colour} strokeWidth="3" strokeLinecap="round" fill="none" strokeOpacity=".75">
      <path d="M140 150q14-16 26 0q12-16 26 0M214 190q10-12 19 0q9-12 19 0M118 206q8-10 15 0q7-10 15 0" />
    </g>
  );
}
