import type { ReactNode } from "react";
import { Tally } from "./art/tally.tsx";
import { DeveloperModeSwitch } from "./developer-mode.tsx";
import { Link } from "./router.tsx";
import { useBasket } from "./shop/basket.tsx";

/** What is round every view: skip link, header, footer. */
export function Layout({ children }: { readonly children: ReactNode }) {
  const { count } = useBasket();
  return (
    <>
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <header className="site-head">
        <Link className="brand" to="/">
          Saltmarsh <span>Pottery</span>
        </Link>
        <nav aria-label="Main">
          <Link to="/shop">Pots</Link>
          <Link to="/journal">Journal</Link>
          <Link to="/visit">Workshop</Link>
          <Link to="/basket">
            Basket
            {count > 0 && (
              <span className="basket-count">
                {count}
                <span className="visually-hidden"> pots</span>
              </span>
            )}
          </Link>
        </nav>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <footer className="site-foot">
        <p>
          <Tally count={5} /> Counted with Tallymark: no cookies, no third party.{" "}
          <Link to="/counter">Look behind the counter</Link>
        </p>
        <DeveloperModeSwitch />
      </footer>
    </>
  );
}
