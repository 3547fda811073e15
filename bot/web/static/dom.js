// Building blocks for the page scripts: elements, the sign, icons and texts with placeholders.

const SVG = "http://www.w3.org/2000/svg";

/** An element with properties, attributes (`aria-*`, `data-*`, `role` …), listeners (`onclick`) and children. */
export function element(tag, options = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "class") made.className = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

function symbol(id, className) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#${id}`);
  svg.append(use);
  return svg;
}

export const sign = () => symbol("sign", "sign");
export const icon = (name) => symbol(`icon-${name}`, "icon");

/** Fill `{name}` placeholders of a text. */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** The JSON that the server put into the page for its scripts. */
export function pageData() {
  return JSON.parse(document.getElementById("page-data").textContent);
}

/** Text in which a masked address, a date, a time or a price is not torn apart at the end of a line. */
export function tied(text) {
  return text
    .replace(/(?<=\S)\u2026(?=\S)/gu, "\u2026\u2060")
    .replace(/(?<=\d\.) (?=\p{Lu})|(?<=\d) (?=(?:Uhr|am|pm|€)(?!\p{L}))/gu, "\u00a0");
}

const SPECIAL = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])|(\u{1D110})/gu;

/** Plain text as nodes: tied, web addresses become links, the fermata sign is drawn (few fonts have it). */
export function prose(text) {
  const nodes = [];
  let rest = 0;
  for (const found of text.matchAll(SPECIAL)) {
    if (found.index > rest) nodes.push(tied(text.slice(rest, found.index)));
    nodes.push(found[1] ? element("a", { href: found[1], target: "_blank", rel: "noopener noreferrer" }, found[1]) : sign());
    rest = found.index + found[0].length;
  }
  if (rest < text.length) nodes.push(tied(text.slice(rest)));
  return nodes;
}

/** Hand a file that was made in the page to the browser. */
export function download(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = element("a", { href: address, download: name, class: "unseen" });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
