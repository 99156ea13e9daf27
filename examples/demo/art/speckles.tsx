/** Where iron grains came through the glaze: an even scatter by the golden angle, the same for each pot. */
const GRAINS = Array.from({ length: 90 }, (_, i) => {
  const angle = i * 2.399963;
  const distance = 11.5 * Math.sqrt(i);
  return {
    x: 120 + distance * Math.cos(angle),
    y: 128 + distance * Math.sin(angle),
    radius: 0.5 + ((i * 7) % 5) * 0.22,
  };
});

/** Fine dots over the whole picture. */
export function Speckles({ colour }: { readonly colour: string }) {
  return (
    <g fill={colour} fillOpacity=".42">
      {GRAINS.map(({ x, y, radius }) => (
        <circle key={x} cx={x.toFixed(1)} cy={y.toFixed(1)} r={radius} />
      ))}
    </g>
  );
}
