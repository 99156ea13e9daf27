import { useDeveloperMode } from "./developer-mode.tsx";

/** Props of `Seen`. */
export interface SeenProps {
  readonly event: string;
  /** What the event says besides its name. */
  readonly says?: string;
}

/** What Tallymark sees when the thing beside it is used. Shown to developers only. */
export function Seen({ event, says }: SeenProps) {
  if (!useDeveloperMode().isOn) return null;
  return (
    <small className="seen">
      <span className="visually-hidden">Tallymark sees </span>
      <code>{event}</code>
      {says && <span>{says}</span>}
    </small>
  );
}
