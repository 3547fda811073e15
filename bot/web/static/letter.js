// One message in its views: formatted, plain, calendar card and source, as tabs.

import { download, element, icon, prose } from "./dom.js";
import { readEvent, withLineEnds } from "./icalendar.js";
import { fullDay, span, wall } from "./moments.js";
import { mailDocument, showDocument } from "./sealed.js";

const mediaType = (part) => String(part.type ?? "").split(";")[0].trim().toLowerCase();

/** The tab list and panels of a message. `wanted` is the view to open if it exists; `onview` hears each change. */
export function views(mail, language, texts, wanted, onview) {
  const part = (type) => (mail.parts ?? []).find((candidate) => mediaType(candidate) === type);
  const made = [
    ["html", part("text/html"), htmlView],
    ["plain", part("text/plain"), plainView],
    ["calendar", part("text/calendar"), calendarView],
    ["raw", mail.raw ? { text: mail.raw } : undefined, rawView],
  ].filter(([, content]) => content);
  if (!made.length) return [];
  const first = made.find(([name]) => name === wanted)?.[0] ?? made[0][0];
  const panels = new Map();
  const tabs = made.map(([name, content, view]) => {
    const panel = element("div", { role: "tabpanel", id: `view-${name}`, "aria-labelledby": `tab-${name}`, class: "view" });
    panels.set(name, { panel, open: () => panel.childElementCount || panel.append(...view(content, language, texts, mail)) });
    return element("button", { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": `view-${name}`, "data-view": name }, texts[`view_${name}`]);
  });
  const open = (name) => {
    for (const tab of tabs) {
      const here = tab.dataset.view === name;
      tab.setAttribute("aria-selected", String(here));
      tab.tabIndex = here ? 0 : -1;
      panels.get(tab.dataset.view).panel.hidden = !here;
    }
    panels.get(name).open();
  };
  const list = element("div", { role: "tablist", class: "tabs", "aria-label": texts.views }, ...tabs);
  list.addEventListener("click", (event) => {
    const name = event.target.closest("[role=tab]")?.dataset.view;
    if (!name) return;
    open(name);
    onview(name);
  });
  list.addEventListener("keydown", (event) => {
    const next = neighbour(tabs, event.key);
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.click();
  });
  open(first);
  return [list, ...made.map(([name]) => panels.get(name).panel)];
}

function neighbour(tabs, key) {
  const here = tabs.indexOf(document.activeElement);
  const target = {
    ArrowRight: (here + 1) % tabs.length,
    ArrowLeft: (here - 1 + tabs.length) % tabs.length,
    Home: 0,
    End: tabs.length - 1,
  }[key];
  return target === undefined ? null : tabs[target];
}

function htmlView(part, language, texts) {
  const frame = element("iframe", {
    title: texts.rendered,
    sandbox: "allow-same-origin allow-popups allow-popups-to-escape-sandbox",
    referrerpolicy: "no-referrer",
  });
  showDocument(frame, mailDocument(part.text));
  return [frame];
}

function plainView(part) {
  return [element("div", { class: "plain-text" }, ...prose(part.text))];
}

function rawView(part, language, texts) {
  return [element("pre", { tabindex: "0", role: "region", "aria-label": texts.view_raw }, part.text)];
}

function calendarView(part, language, texts, mail) {
  const event = readEvent(part.text);
  const save = element(
    "button",
    { type: "button", onclick: () => download(`${fileName(mail)}.ics`, "text/calendar", withLineEnds(part.text)) },
    icon("calendar"),
    texts.download_ics,
  );
  if (!event) return [element("p", {}, texts.calendar_unreadable), save];
  const fact = (name, value) => (value ? [element("dt", {}, name), element("dd", {}, ...prose(value))] : []);
  const start = atPlace(event.start);
  const end = atPlace(event.end) ?? start;
  return [
    element(
      "section",
      { class: "booking" },
      element("p", { class: "booking-status" }, icon(event.method === "CANCEL" ? "cross" : "calendar"), texts[`calendar_${event.method}`] ?? event.method),
      element("h3", {}, event.summary ?? ""),
      element("p", { class: "booking-when" }, element("span", {}, fullDay(start, language)), " ", element("b", {}, span(start, end, language))),
      element(
        "dl",
        { class: "facts" },
        ...fact(texts.calendar_where, event.location),
        ...fact(texts.calendar_organizer, event.organizer),
        ...fact(texts.calendar_attendees, event.attendees.join(", ")),
        ...fact(texts.calendar_status, texts[`status_${event.status}`] ?? event.status),
        ...fact(texts.calendar_notes, event.description),
        ...fact(texts.calendar_revision, event.sequence),
        ...fact(texts.calendar_uid, event.uid),
      ),
      element("div", { class: "booking-actions" }, save),
    ),
  ];
}

/** Minutes of wall time: as written where the event names a zone, else (UTC) in the zone of this browser. */
function atPlace(time) {
  if (!time) return null;
  if (!time.utc) return wall(time.iso);
  const instant = new Date(`${time.iso}Z`);
  return instant.getTime() / 60000 - instant.getTimezoneOffset();
}

const fileName = (mail) => String(mail.subject || mail.id).replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").slice(0, 60) || "appointment";
