// Times as people read them. Every time is the business's wall time as written; the browser's own zone never matters.

const WALL = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?/;
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MAIL = /(\d{1,2}) ([A-Za-z]{3})[a-z]* (\d{4}) (\d{2}):(\d{2})/;

/** Minutes on the wall clock since 1970 of an ISO time (`2026-11-26T15:30`, any offset ignored), or null. */
export function wall(iso) {
  const found = WALL.exec(iso ?? "");
  if (!found) return null;
  const [year, month, day, hour, minute] = found.slice(1).map((part) => Number(part ?? 0));
  return Date.UTC(year, month - 1, day, hour, minute) / 60000;
}

/** The same for the date of a mail (RFC 5322) or an ISO time. */
export function mailWall(date) {
  const found = MAIL.exec(date ?? "");
  if (!found) return wall(date);
  const month = MONTHS.indexOf(found[2].toLowerCase());
  return month < 0 ? null : Date.UTC(+found[3], month, +found[1], +found[4], +found[5]) / 60000;
}

const locale = (language) => (language === "de" ? "de-DE" : "en-GB");

function say(minutes, language, options) {
  return new Intl.DateTimeFormat(locale(language), { timeZone: "UTC", ...options }).format(new Date(minutes * 60000));
}

export const weekday = (minutes, language) => say(minutes, language, { weekday: "long" });
export const dayMonth = (minutes, language) => say(minutes, language, { day: "numeric", month: "long" });
export const fullDay = (minutes, language) =>
  say(minutes, language, { weekday: "long", day: "numeric", month: "long", year: "numeric" });

/** Clock time: `15:30` in German, `3.30` in English, there with `am`/`pm` from `half`. */
export function clock(minutes, language) {
  const inDay = ((minutes % 1440) + 1440) % 1440;
  const hour = Math.floor(inDay / 60);
  const minute = String(inDay % 60).padStart(2, "0");
  return language === "de" ? `${hour}:${minute}` : `${hour % 12 || 12}.${minute}`;
}

/** What follows a clock time: `Uhr`, `am` or `pm`. */
export function half(minutes, language) {
  if (language === "de") return "Uhr";
  return ((minutes % 1440) + 1440) % 1440 < 720 ? "am" : "pm";
}

export const clockSaid = (minutes, language) => `${clock(minutes, language)} ${half(minutes, language)}`;

/** From–to in one line: `15:30–17:40 Uhr`, `3.30–5.40 pm`, `11.30 am – 1.10 pm`. */
export function span(start, end, language) {
  if (half(start, language) === half(end, language)) {
    return `${clock(start, language)}–${clock(end, language)} ${half(end, language)}`;
  }
  return `${clockSaid(start, language)} – ${clockSaid(end, language)}`;
}

/** A price in euros; whole euros without cents, nothing to pay in words. */
export function price(euros, language, texts) {
  if (euros === 0) return texts.free_of_charge;
  return new Intl.NumberFormat(locale(language), {
    style: "currency",
    currency: "EUR",
    minimumFractionDigits: Number.isInteger(euros) ? 0 : 2,
  }).format(euros);
}
