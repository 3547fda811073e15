// The start page of the demo: its mailbox pane and the clock; chat and calendar are frames of their own.

import { pageData } from "./dom.js";
import { fetchMails, mailLine } from "./mails.js";
import { clockSaid, dayMonth, wall, weekday } from "./moments.js";
import { whileVisible } from "./poll.js";

const SHOWN = 6;
const data = pageData();
const texts = data.texts[data.language];
const pane = document.getElementById("mailbox");
const list = pane.querySelector("ul");
let known = "";

async function showMails() {
  const mails = await fetchMails(data.api);
  if (mails === undefined) return;
  pane.hidden = mails === null;
  if (mails === null) return;
  const ids = mails.map((mail) => mail.id).join(" ");
  pane.querySelector("[data-empty]").hidden = mails.length > 0;
  if (ids === known) return;
  if (known || mails.length === 1) pane.querySelector("[role=status]").textContent = texts.new_one;
  known = ids;
  const href = (mail) => `/mailbox?lang=${data.language}#${encodeURIComponent(mail.id)}`;
  list.replaceChildren(...mails.slice(0, SHOWN).map((mail) => mailLine(mail, href(mail), data.language, texts)));
}

async function showClock() {
  const response = await fetch(data.demo, { cache: "no-store" }).catch(() => null);
  const now = response?.ok ? wall((await response.json()).now) : null;
  const place = document.getElementById("clock");
  place.hidden = now === null;
  if (now === null) return;
  const { language } = data;
  place.querySelector("time").textContent = `${weekday(now, language)}, ${dayMonth(now, language)}, ${clockSaid(now, language)}`;
}

whileVisible(showMails, 3000);
whileVisible(showClock, 20000);
document.documentElement.dataset.ready = "true";
