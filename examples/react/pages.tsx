import { type MouseEvent, type ReactNode, useEffect, useRef, useState } from "react";

const PAGES = [
  { path: "/react/pricing", name: "Pricing" },
  { path: "/react/guide", name: "Guide" },
  { path: "/react/contact", name: "Contact" },
];

/** The frame of a small single-page app: three links that change address, heading and title without a load. */
export function Pages({ children }: { readonly children: ReactNode }) {
  const [path, setPath] = useState(location.pathname);
  const heading = useRef<HTMLHeadingElement>(null);
  const name = PAGES.find((page) => page.path === path)?.name ?? "Home";

  useEffect(() => {
    const update = () => setPath(location.pathname);
    addEventListener("popstate", update);
    return () => removeEventListener("popstate", update);
  }, []);

  useEffect(() => {
    document.title = `${name} · React`;
  }, [name]);

  function navigate(event: MouseEvent<HTMLAnchorElement>): void {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    history.pushState(null, "", event.currentTarget.href);
    setPath(location.pathname);
    heading.current?.focus();
  }

  return (
    <>
      <header>
        <a href="/react/" aria-current={path === "/react/" ? "page" : undefined} onClick={navigate}>
          React
        </a>
        <nav aria-label="Pages">
          {PAGES.map((page, i) => (
            <a
              key={page.path}
              href={page.path}
              data-testid={`nav-${i + 1}`}
              aria-current={page.path === path ? "page" : undefined}
              onClick={navigate}
            >
              {page.name}
            </a>
          ))}
        </nav>
      </header>
      <main>
        <h1 ref={heading} tabIndex={-1}>
          {name}
        </h1>
        <p>Tallymark with its provider and hooks.</p>
        <div className="actions">{children}</div>
      </main>
    </>
  );
}
