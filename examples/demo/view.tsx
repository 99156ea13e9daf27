import { type ReactNode, useEffect, useRef } from "react";
import { usePath } from "./router.tsx";

/** Props of `View`. */
export interface ViewProps {
  readonly title: ReactNode;
  /** Of the document, where `title` is more than text. */
  readonly documentTitle?: string;
  readonly className?: string;
  readonly children: ReactNode;
}

let shownPath: string | undefined;

/**
 * One page of the demo. After a navigation the focus is on its heading: a screen reader says where one is, and the next
 * Tab goes on from there, as after a load.
 */
export function View({ title, documentTitle = String(title), className = "", children }: ViewProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const path = usePath();

  useEffect(() => {
    document.title = `${documentTitle} · Saltmarsh Pottery`;
  }, [documentTitle]);

  useEffect(() => {
    if (shownPath !== undefined && shownPath !== path) heading.current?.focus({ preventScroll: true });
    shownPath = path;
  }, [path]);

  return (
    <article className={`view ${className}`}>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </article>
  );
}
