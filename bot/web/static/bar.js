// The bar: a booking on a time axis. Solid blocks are work, hatched ones with the sign are pauses.

import { element, fill, sign } from "./dom.js";
import { clock, clockSaid, wall } from "./moments.js";

const SHORTEST_AXIS = 60;

/**
 * The parts of an offer or booking in order: `{pause, start, end, name, staff}` with minutes of wall time.
 * Without segments its start and end make one part; without an end there is none.
 */
export function parts(item) {
  const segments = item.segments?.length ? item.segments : item.end ? [{ start: item.start, end: item.end }] : [];
  const made = [];
  for (const segment of segments) {
    const start = wall(segment.start);
    const end = wall(segment.end);
    if (start === null || end === null || end <= start) return [];
    const before = made.at(-1)?.end;
    if (before !== undefined && start > before) made.push({ pause: true, start: before, end: start });
    made.push({ pause: false, start, end, name: segment.name ?? "", staff: staffName(segment) });
  }
  return made;
}

/** The staff member's name; the API's booking carries the id only, which reads well with a capital. */
export function staffName(segment) {
  if (segment.staff_name) return segment.staff_name;
  return segment.staff ? segment.staff.charAt(0).toUpperCase() + segment.staff.slice(1) : "";
}

export const length = (list) => (list.length ? list.at(-1).end - list[0].start : 0);

/** How long an axis must be for several bars to share it, in minutes. */
export const axisFor = (lists) => Math.max(SHORTEST_AXIS, ...lists.map(length));

/**
 * The bar as an element, `axis` minutes wide. Its label says all parts. With `segmentNames` it is tall and names them;
 * without, a single block only repeats what stands beside it and is decoration.
 */
export function bar(list, axis, language, texts, { segmentNames = false } = {}) {
  const whole = length(list);
  const blocks = list.map((part) => {
    const block = part.pause
      ? element("span", { class: "block rest" }, sign())
      : element(
          "span",
          { class: "block" },
          element(
            "span",
            { class: "block-label" },
            segmentNames && part.name ? element("b", {}, part.name) : null,
            part.staff ? element("span", {}, part.staff) : null,
          ),
        );
    block.style.setProperty("--share", (part.end - part.start) / axis);
    return block;
  });
  const telling = segmentNames || list.length > 1;
  const made = element(
    "span",
    {
      class: segmentNames ? "bar tall" : "bar",
      role: telling ? "img" : null,
      "aria-label": telling ? spoken(list, language, texts) : null,
      "aria-hidden": telling ? null : "true",
    },
    element("span", { class: "blocks", "aria-hidden": "true" }, ...blocks),
  );
  made.style.setProperty("--quarter", 15 / axis);
  made.style.setProperty("--whole", whole / axis);
  return made;
}

function spoken(list, language, texts) {
  return list
    .map((part) =>
      part.pause
        ? `${texts.pause} ${fill(texts.minutes_long, { minutes: part.end - part.start })}`
        : [`${clock(part.start, language)} ${texts.until} ${clockSaid(part.end, language)}`, part.name, part.staff]
            .filter(Boolean)
            .join(" "),
    )
    .join(", ");
}
