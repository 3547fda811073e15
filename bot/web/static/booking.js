// The booking as a card, set like a concert programme: status, day and time, the bar, who does what, what can be done.

import { bar, length, parts } from "./bar.js";
import { download, element, fill, icon, sign } from "./dom.js";
import { eventFile } from "./icalendar.js";
import { clock, fullDay, span, wall } from "./moments.js";

const STATUS_ICON = { confirmed: "check", pending: "wait", cancelled: "cross" };

/**
 * The card. `booking` is the API's object, `title` the service in words, `tenant` its name and address;
 * `say(sentence, event)` sends a sentence in the guest's name.
 */
export function bookingCard(booking, title, tenant, language, texts, say) {
  const list = parts(booking).map((part) => (part.pause || part.name ? part : { ...part, name: title }));
  const start = wall(booking.start);
  const end = wall(booking.end) ?? list.at(-1)?.end ?? start;
  const alive = booking.status !== "cancelled";
  return element(
    "section",
    { class: `booking ${booking.status}`, lang: language, "aria-label": texts.booking, "data-reference": booking.reference },
    element(
      "p",
      { class: "booking-status" },
      icon(STATUS_ICON[booking.status] ?? "wait"),
      element("span", {}, texts[`status_${booking.status}`] ?? booking.status),
    ),
    element("h2", {}, title || texts.booking),
    element("p", { class: "booking-when" }, element("span", {}, fullDay(start, language)), " ", element("b", {}, span(start, end, language))),
    list.length ? bar(list, length(list), language, texts, { segmentNames: true }) : null,
    list.length > 1 ? programme(list, language, texts) : null,
    element(
      "p",
      { class: "booking-reference" },
      element("span", {}, `${texts.reference} `),
      element("b", {}, booking.reference),
      element("span", { class: "booking-place" }, [tenant.name, tenant.address].filter(Boolean).join(", ")),
    ),
    alive ? actions(booking, title, tenant, list, texts, say) : null,
  );
}

function programme(list, language, texts) {
  return element(
    "ul",
    { class: "programme-list" },
    ...list.map((part) =>
      element(
        "li",
        { class: part.pause ? "rest" : null },
        element("span", { class: "when" }, `${clock(part.start, language)}–${clock(part.end, language)}`),
        element(
          "span",
          { class: "what" },
          ...(part.pause
            ? [sign(), `${texts.pause}, ${fill(texts.minutes, { minutes: part.end - part.start })}`]
            : [part.name]),
        ),
        element("span", { class: "leader" }),
        element("span", { class: "who" }, part.staff ?? ""),
      ),
    ),
  );
}

function actions(booking, title, tenant, list, texts, say) {
  const save = () =>
    download(`${booking.reference}.ics`, "text/calendar", eventFile(booking, title || texts.booking, tenant, list, location.hostname));
  const values = { reference: booking.reference };
  return element(
    "div",
    { class: "booking-actions" },
    element("button", { type: "button", onclick: save }, icon("calendar"), texts.add_to_calendar),
    element("button", { type: "button", onclick: (event) => say(fill(texts.change_sentence, values), event) }, texts.change),
    element(
      "button",
      { type: "button", class: "danger", onclick: (event) => say(fill(texts.cancel_sentence, values), event) },
      texts.cancel,
    ),
  );
}

/** Mark a card as overtaken by a newer one for the same reference. */
export function retire(card, texts) {
  if (card.classList.contains("retired")) return;
  card.classList.add("retired");
  card.removeAttribute("aria-label");
  card.querySelector(".booking-actions")?.remove();
  card.querySelector(".booking-status")?.replaceChildren(icon("cross"), element("span", {}, texts.status_replaced));
}
