// Shows the HTML of a mail sealed off: no scripts, no forms, no remote loads, and under the page's own strict
// Content-Security-Policy. That policy forbids style attributes, so styles travel as data and are set from outside.

const FORBIDDEN = "script, style, iframe, frame, object, embed, base, form, input, button, link, meta, template, noscript";
const SAFE_LINK = /^(https?:|mailto:|tel:|#)/i;
const SHEET = /<style\b[^>]*>([\s\S]*?)<\/style\s*>/gi;
const TAG = /<[a-z](?:"[^"]*"|'[^']*'|[^'">])*>/gi;
const INLINE = /([\s"'])(style|on[a-z]+)(\s*=)/gi;

/** The cleaned document as `{html, sheets}`; inline styles are kept in `data-style`. */
export function mailDocument(html) {
  const sheets = [...html.matchAll(SHEET)].map((found) => found[1]);
  // Before parsing: a parser under the policy would report them all. What this misses stays blocked.
  const text = html.replace(SHEET, "").replace(TAG, (tag) => tag.replace(INLINE, "$1data-$2$3"));
  const parsed = new DOMParser().parseFromString(text, "text/html");
  parsed.querySelectorAll(FORBIDDEN).forEach((node) => node.remove());
  for (const node of parsed.querySelectorAll("*")) {
    for (const { name, value } of [...node.attributes]) {
      if (name.startsWith("on") || isUnsafe(name, value.trim())) node.removeAttribute(name);
    }
    if (node.localName === "a") {
      node.setAttribute("target", "_blank");
      node.setAttribute("rel", "noopener noreferrer");
    }
  }
  const charset = parsed.createElement("meta");
  charset.setAttribute("charset", "utf-8");
  parsed.head.prepend(charset);
  return { html: `<!doctype html>${parsed.documentElement.outerHTML}`, sheets };
}

/** A link that would run or leave oddly, or anything that would be loaded from elsewhere. */
function isUnsafe(name, value) {
  if (["href", "xlink:href"].includes(name)) return !SAFE_LINK.test(value);
  return ["src", "srcset", "background", "poster"].includes(name) && !value.startsWith("data:image/");
}

/** Load a cleaned document into a sandboxed frame, dress it, and make the frame as tall as its content. */
export function showDocument(frame, { html, sheets }) {
  frame.addEventListener("load", () => {
    const inner = frame.contentDocument;
    if (!inner?.body) return;
    inner.adoptedStyleSheets = sheets.map((text) => {
      const sheet = new frame.contentWindow.CSSStyleSheet();
      sheet.replaceSync(text);
      return sheet;
    });
    for (const node of inner.querySelectorAll("[data-style]")) node.style.cssText = node.dataset.style;
    // The height of the element, not scrollHeight: that is never less than the frame's own height, so it would only grow.
    const fit = () => frame.style.setProperty("height", `${inner.documentElement.offsetHeight + 2}px`);
    fit();
    new ResizeObserver(fit).observe(inner.body);
  });
  frame.srcdoc = html;
}
