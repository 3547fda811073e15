// Offered times as a row of cards; the whole card is the button.

import { axisFor, bar, parts } from "./bar.js";
import { element, fill, icon, sign } from "./dom.js";
import { clock, clockSaid, dayMonth, half, price, wall, weekday } from "./moments.js";

/** The row of cards for choices with a `start`. `onchoose(choice, event)` runs for the card that is pressed. */
export function offerRow(choices, language, texts, onchoose) {
  const lists = choices.map(parts);
  const axis = axisFor(lists);
  const row = element("ul", { class: "offers", lang: language, "aria-label": texts.offers });
  choices.forEach((choice, index) => {
    const card = offerCard(choice, lists[index], axis, language, texts);
    card.addEventListener("click", (event) => onchoose(choice, event));
    row.append(element("li", {}, card));
  });
  return row;
}

function offerCard(choice, list, axis, language, texts) {
  const start = wall(choice.start);
  const end = list.at(-1)?.end ?? wall(choice.end);
  const ended = end !== null && end > start;
  if (start === null) return element("button", { type: "button", class: "offer", "data-choice": choice.id }, choice.label);
  return element(
    "button",
    { type: "button", class: "offer", "data-choice": choice.id },
    element("span", { class: "offer-day" }, element("b", {}, weekday(start, language)), ` ${dayMonth(start, language)}`),
    element(
      "span",
      { class: "offer-body" },
      element(
        "span",
        { class: "offer-time" },
        element("b", {}, clock(start, language)),
        language === "de" && ended ? " " : ` ${half(start, language)} `,
        ended ? element("span", { class: "offer-end" }, `${texts.until} ${clockSaid(end, language)}`) : null,
      ),
      element(
        "span",
        { class: "offer-plan" },
        list.length ? bar(list, axis, language, texts) : null,
        list.length ? facts(choice, list, language, texts) : element("span", { class: "offer-facts" }, choice.label),
      ),
    ),
    element("span", { class: "offer-state" }),
  );
}

function facts(choice, list, language, texts) {
  const staff = [...new Set(list.map((part) => part.staff).filter(Boolean))].join(", ");
  const rests = list.filter((part) => part.pause).map((part) => part.end - part.start);
  const cost = typeof choice.price === "number" ? price(choice.price, language, texts) : "";
  return element(
    "span",
    { class: "offer-facts" },
    element("span", {}, staff || choice.service_name || ""),
    cost ? element("span", { class: "offer-price" }, ` ${cost}`) : null,
    rests.length
      ? element("span", { class: "offer-rest" }, sign(), ` ${texts.pause}, ${fill(texts.minutes, { minutes: rests.join(" + ") })}`)
      : null,
  );
}

/** End a row: its cards can no longer be pressed; the chosen one says so, else the row says that it has lapsed. */
export function closeRow(row, texts, chosen = null) {
  if (row.classList.contains("closed")) return;
  row.classList.add("closed");
  for (const card of row.querySelectorAll("button")) {
    card.disabled = true;
    if (card.dataset.choice !== chosen) continue;
    card.classList.add("chosen");
    card.querySelector(".offer-state")?.append(icon("check"), texts.chosen);
  }
  if (chosen === null) row.after(element("p", { class: "lapsed", lang: row.lang }, texts.expired));
}
