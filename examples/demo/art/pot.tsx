import { useId } from "react";
import { FORMS, type Form, type FormName } from "./forms.ts";
import { GLAZES, type GlazeName } from "./glazes.ts";
import { Speckles } from "./speckles.tsx";
import { TILT, vesselPath } from "./vessel-path.ts";

/** Props of `Pot`. */
export interface PotProps {
  readonly form: FormName;
  readonly glaze: GlazeName;
  /** What it shows, for who cannot see it. Default: decoration, not announced. */
  readonly label?: string | undefined;
}

const AXIS = 120;

/** A pot, drawn: body, two glazes with a wavy seam, light from the left. */
export function Pot({ form, glaze, label }: PotProps) {
  const id = useId();
  const { profile, dip, handle, spout, lid }: Form = FORMS[form];
  const colours = GLAZES[glaze];
  const body = vesselPath(profile, AXIS);
  const [rimY, rim] = profile[0] ?? [0, 0];
  const [footY, foot] = profile.at(-1) ?? [0, 0];
  const girth = Math.max(...profile.map(([, radius]) => radius));
  const seam = `M0 0H240V${dip}C204 ${dip + 9} 186 ${dip - 7} 150 ${dip + 3}S84 ${dip + 13} 56 ${dip + 1}S18 ${dip - 3} 0 ${dip + 5}Z`;

  return (
    <svg className="pot" viewBox="0 0 240 240" role={label ? "img" : undefined} aria-label={label} aria-hidden={!label}>
      <defs>
        <linearGradient id={`${id}-light`}>
          <stop offset="0" stopColor="#000" stopOpacity=".34" />
          <stop offset=".3" stopColor="#fff" stopOpacity=".2" />
          <stop offset=".52" stopColor="#fff" stopOpacity="0" />
          <stop offset="1" stopColor="#000" stopOpacity=".42" />
        </linearGradient>
        <radialGradient id={`${id}-shadow`}>
          <stop offset="0" stopColor="#000" stopOpacity=".42" />
          <stop offset="1" stopColor="#000" stopOpacity="0" />
        </radialGradient>
        <clipPath id={`${id}-body`}>
          <path d={body} />
        </clipPath>
      </defs>
      <ellipse cx={AXIS + 10} cy={footY + 6} rx={foot * 1.7 + 18} ry={13} fill={`url(#${id}-shadow)`} />
      {handle && <Handle path={handle} colour={colours.glaze} />}
      {spout && <path d={spout} fill={colours.glaze} stroke="#000" strokeOpacity=".16" />}
      <g clipPath={`url(#${id}-body)`}>
        <rect width="240" height="240" fill={colours.ground} />
        <path d={seam} fill={colours.glaze} />
        <path d={seam} fill="none" stroke="#fff" strokeOpacity=".22" strokeWidth="2" />
        <Speckles colour={colours.speckle} />
        <rect x={AXIS - girth} width={2 * girth} height="240" fill={`url(#${id}-light)`} />
      </g>
      <ellipse cx={AXIS} cy={rimY} rx={rim} ry={rim * TILT} fill={colours.glaze} />
      <ellipse
        cx={AXIS}
        cy={rimY}
        rx={rim}
        ry={rim * TILT}
        fill="none"
        stroke="#fff"
        strokeOpacity=".35"
        strokeWidth="1.5"
      />
      <ellipse cx={AXIS} cy={rimY + 1.5} rx={rim * 0.91} ry={rim * TILT * 0.8} fill="#000" fillOpacity=".38" />
      {lid && <Lid path={vesselPath(lid, AXIS)} colour={colours.glaze} light={`url(#${id}-light)`} />}
    </svg>
  );
}

function Handle({ path, colour }: { readonly path: string; readonly colour: string }) {
  return (
    <g fill="none" strokeLinecap="round">
      <path d={path} stroke={colour} strokeWidth="13" />
      <path d={path} stroke="#000" strokeOpacity=".26" strokeWidth="13" />
      <path d={path} stroke={colour} strokeWidth="9" transform="translate(-1.5 -1.5)" />
    </g>
  );
}

function Lid({ path, colour, light }: { readonly path: string; readonly colour: string; readonly light: string }) {
  return (
    <>
      <path d={path} fill={colour} />
      <path d={path} fill={light} stroke="#000" strokeOpacity=".2" />
    </>
  );
}
