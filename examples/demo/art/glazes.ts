/** Colours of a glazed pot. */
export interface Glaze {
  readonly name: string;
  /** Of the upper part. */
  readonly glaze: string;
  /** Where the glaze ends: a second one, or the clay. */
  readonly ground: string;
  readonly speckle: string;
}

/** The glazes of the workshop. */
export const GLAZES = {
  tide: { name: "Tide blue over oatmeal", glaze: "#6f93a0", ground: "#dccfb8", speckle: "#31454c" },
  samphire: { name: "Samphire green", glaze: "#7d8f69", ground: "#93a57c", speckle: "#39452f" },
  oat: { name: "Oat, bare foot", glaze: "#e6dcc8", ground: "#b5764c", speckle: "#6b4a33" },
  iron: { name: "Iron brown, breaking to rust", glaze: "#5a3a2b", ground: "#a2603a", speckle: "#2a1a13" },
  chalk: { name: "Chalk over raw clay", glaze: "#efe9de", ground: "#c08358", speckle: "#8a5a3b" },
  dusk: { name: "Dusk pink shino", glaze: "#cf9a86", ground: "#e4c1ad", speckle: "#8c5443" },
  ink: { name: "Ink black, satin", glaze: "#2f3638", ground: "#454d4e", speckle: "#12181a" },
  lagoon: { name: "Lagoon, two dips", glaze: "#3f7377", ground: "#8fb1a8", speckle: "#1d3c40" },
} satisfies { readonly [name: string]: Glaze };

export type GlazeName = keyof typeof GLAZES;
