/**
 * The smallest single-page app: links change address, heading and title without a load. An address is shown by the name
 * of the link that leads there; any other is Home.
 */
const links = [...document.querySelectorAll<HTMLAnchorElement>("header a")];
const heading = document.querySelector("h1");
const site = links[0]?.text;

function show(): void {
  const current = links.find(({ pathname }) => pathname === location.pathname);
  const name = current?.closest("nav") ? current.text : "Home";
  for (const link of links) link.removeAttribute("aria-current");
  current?.setAttribute("aria-current", "page");
  document.title = `${name} · ${site}`;
  if (heading) heading.textContent = name;
}

for (const link of links) {
  link.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    history.pushState(null, "", link.href);
    show();
    heading?.focus();
  });
}
addEventListener("popstate", show);
show();

export {};
