import { readDevMode } from "@tallymark/sdk/dev";
import { useTallymark } from "@tallymark/sdk/react";
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";

/** Developer mode, as the page sees it. */
interface DeveloperMode {
  readonly isOn: boolean;
  set(isOn: boolean): void;
}

const Context = createContext<DeveloperMode>({ isOn: false, set: () => {} });

/** Reads developer mode, and lets a switch on the page change it. */
export function DeveloperModeProvider({ children }: { readonly children: ReactNode }) {
  const tallymark = useTallymark();
  const [isOn, setIsOn] = useState(() => readDevMode());

  const mode = useMemo(
    () => ({
      isOn,
      // The address is the switch; a button can only write it there.
      set(wanted: boolean) {
        const address = new URL(location.href);
        address.searchParams.set("dev", wanted ? "1" : "0");
        history.replaceState(history.state, "", address);
        setIsOn(readDevMode(tallymark));
      },
    }),
    [isOn, tallymark],
  );
  return <Context value={mode}>{children}</Context>;
}

/** Whether developer mode is on, and the way to change it. */
export function useDeveloperMode(): DeveloperMode {
  return useContext(Context);
}

/** The discreet switch. */
export function DeveloperModeSwitch() {
  const { isOn, set } = useDeveloperMode();
  return (
    <button type="button" role="switch" className="switch" aria-checked={isOn} onClick={() => set(!isOn)}>
      <span className="switch-track" aria-hidden="true" />
      Developer mode
    </button>
  );
}
