// What the mailbox and the start page share: asking for the messages and showing one as a line of a list.

import { element } from "./dom.js";
import { clock, dayMonth, mailWall } from "./moments.js";

/** The messages, newest first; null if there is no mailbox here, undefined if it did not answer. */
export async function fetchMails(api) {
  try {
    const response = await fetch(api, { cache: "no-store", credentials: "same-origin" });
    if (response.status === 404) return null;
    if (!response.ok) return undefined;
    const { messages } = await response.json();
    return [...messages].sort((a, b) => (mailWall(b.date) ?? 0) - (mailWall(a.date) ?? 0) || order(b, a));
  } catch {
    return undefined;
  }
}

/** Messages of the same minute: the later id first, where ids can be compared. */
function order(a, b) {
  return String(a.id).localeCompare(String(b.id), "en", { numeric: true });
}

const people = (value) => (Array.isArray(value) ? value.join(", ") : (value ?? ""));

/** `"Max Muster" <max@example.org>` as `Max Muster`. */
export const displayName = (value) => people(value).replace(/\s*<[^>]*>/g, "").replace(/"/g, "") || people(value);

export const addressLine = people;

export function mailTime(date, language) {
  const minutes = mailWall(date);
  return minutes === null ? (date ?? "") : `${dayMonth(minutes, language)}, ${clock(minutes, language)}`;
}

/** One message as a link to its place in the mailbox. */
export function mailLine(mail, href, language, texts, { current = false, unread = false } = {}) {
  return element(
    "li",
    {},
    element(
      "a",
      { href, "aria-current": current ? "true" : null, class: unread ? "unread" : null, "data-mail": mail.id },
      element("span", { class: "mail-who" }, displayName(mail.to)),
      element("time", {}, mailTime(mail.date, language)),
      element(
        "span",
        { class: "mail-subject" },
        unread ? element("em", {}, texts.unread) : null,
        mail.subject || texts.no_subject,
      ),
    ),
  );
}
