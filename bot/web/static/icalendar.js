// iCalendar (RFC 5545): writes one event for a booking and reads the first event of a calendar part.

const encoder = new TextEncoder();

const escapeText = (text) => text.replace(/[\\;,]/g, "\\$&").replace(/\r?\n/g, "\\n");
const unescapeText = (text) => text.replace(/\\([\\;,nN])/g, (_, sign) => (sign.toLowerCase() === "n" ? "\n" : sign));

/** Fold a content line at 75 octets without breaking a character (RFC 5545, 3.1). */
function fold(line) {
  const lines = [];
  let current = "";
  let size = 0;
  for (const character of line) {
    const octets = encoder.encode(character).length;
    if (size + octets > 75) {
      lines.push(current);
      current = " ";
      size = 1;
    }
    current += character;
    size += octets;
  }
  return [...lines, current].join("\r\n");
}

function utc(iso) {
  return new Date(iso).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

/** A calendar file with the booking as one event; `list` are its parts from the bar, `host` makes the UID unique. */
export function eventFile(booking, title, tenant, list, host) {
  const steps = list.filter((part) => !part.pause && part.name).map((part) => [part.name, part.staff].filter(Boolean).join(", "));
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Fermata//Chat//EN",
    "METHOD:PUBLISH",
    "BEGIN:VEVENT",
    `UID:${escapeText(booking.reference)}@${host}`,
    `DTSTAMP:${utc(Date.now())}`,
    `DTSTART:${utc(booking.start)}`,
    `DTEND:${utc(booking.end)}`,
    `SUMMARY:${escapeText(`${title} – ${tenant.name}`)}`,
    tenant.address ? `LOCATION:${escapeText(tenant.address)}` : "",
    `DESCRIPTION:${escapeText([...steps, booking.reference].join("\n"))}`,
    `STATUS:${booking.status === "pending" ? "TENTATIVE" : "CONFIRMED"}`,
    "END:VEVENT",
    "END:VCALENDAR",
  ];
  return lines.filter(Boolean).map(fold).join("\r\n") + "\r\n";
}

/** The same text with the line ends that the standard asks for. */
export const withLineEnds = (text) => text.replace(/\r?\n/g, "\r\n");

/**
 * The first event of a calendar part: `{method, summary, start, end, location, organizer, attendees, status,
 * description, sequence, uid}`; times as `{iso, utc}`. Null if there is no event with a start.
 */
export function readEvent(text) {
  const lines = text.replace(/\r?\n[ \t]/g, "").split(/\r?\n/);
  const event = { method: "PUBLISH", attendees: [] };
  const inside = [];
  for (const line of lines) {
    const property = readLine(line);
    if (!property) continue;
    const { name, parameters, value } = property;
    if (name === "BEGIN") inside.push(value.toUpperCase());
    else if (name === "END") {
      if (inside.pop() === "VEVENT") break;
    } else if (name === "METHOD") event.method = value.toUpperCase();
    else if (inside.at(-1) === "VEVENT") take(event, name, parameters, value);
  }
  return event.start ? event : null;
}

function take(event, name, parameters, value) {
  if (name === "DTSTART") event.start = readTime(value);
  else if (name === "DTEND") event.end = readTime(value);
  else if (name === "ORGANIZER") event.organizer = person(parameters, value);
  else if (name === "ATTENDEE") event.attendees.push(person(parameters, value));
  else if (["SUMMARY", "LOCATION", "DESCRIPTION", "STATUS", "SEQUENCE", "UID"].includes(name)) event[name.toLowerCase()] = unescapeText(value);
}

function readLine(line) {
  const found = /^([A-Za-z0-9-]+)((?:;[^=;:]+=(?:"[^"]*"|[^":;]*))*):(.*)$/.exec(line);
  if (!found) return null;
  const parameters = {};
  for (const [, key, quoted, bare] of found[2].matchAll(/;([^=;:]+)=(?:"([^"]*)"|([^":;]*))/g)) {
    parameters[key.toUpperCase()] = quoted ?? bare;
  }
  return { name: found[1].toUpperCase(), parameters, value: found[3] };
}

function readTime(value) {
  const found = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})\d{2}(Z?))?/.exec(value);
  if (!found) return undefined;
  const [, year, month, day, hour = "00", minute = "00", zulu = ""] = found;
  return { iso: `${year}-${month}-${day}T${hour}:${minute}`, utc: zulu === "Z" };
}

function person(parameters, value) {
  const address = value.replace(/^mailto:/i, "");
  return parameters.CN && parameters.CN !== address ? `${parameters.CN} (${address})` : address;
}
