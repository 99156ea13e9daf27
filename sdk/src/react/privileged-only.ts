"use client";
import { type ReactNode, useContext, useEffect, useState } from "react";
import { readDevMode } from "../dev/guard.ts";
import { TallymarkContext } from "./tallymark-context.ts";

/** Props of `PrivilegedOnly`. */
export interface PrivilegedOnlyProps {
  readonly children?: ReactNode;
}

/**
 * Renders its children while developer mode is on (`readDevMode`, read on mount), and otherwise nothing: also on a server
 * and in the first render in the browser, so that hydration always matches. It hides; it does not protect: the children
 * are in the bundle.
 */
export function PrivilegedOnly({ children }: PrivilegedOnlyProps): ReactNode {
  const client = useContext(TallymarkContext)?.client;
  const [isOn, setIsOn] = useState(false);

  useEffect(() => setIsOn(readDevMode(client)), [client]);

  return isOn ? children : null;
}
