import type { Connect, Plugin } from "vite";

/**
 * Lets a page answer for all addresses below its own, as hosts of single-page apps do: `/demo/shop` shows `/demo/`.
 * `/` leads to the first page.
 * @param pages names of folders with an `index.html`
 */
export function pageFallback(pages: readonly string[]): Plugin {
  const install = ({ middlewares }: { middlewares: Connect.Server }): void => {
    middlewares.use(function pageFallback(request, response, next) {
      const { pathname } = new URL(request.url ?? "/", "http://localhost");
      const [, page = "", ...rest] = pathname.split("/");
      if (pathname === "/") response.writeHead(302, { location: `/${pages[0]}/` }).end();
      else {
        const isFile = rest.at(-1)?.includes(".");
        if (pages.includes(page) && !isFile && isNavigation(request)) request.url = `/${page}/index.html`;
        next();
      }
    });
  };
  return { name: "page-fallback", configureServer: install, configurePreviewServer: install };
}

function isNavigation({ method, headers }: Connect.IncomingMessage): boolean {
  return method === "GET" && Boolean(headers.accept?.includes("text/html"));
}
