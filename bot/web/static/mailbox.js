// The mailbox page: the list, the chosen message and its views, kept up to date.

import { element, fill, pageData } from "./dom.js";
import { views } from "./letter.js";
import { addressLine, fetchMails, mailLine } from "./mails.js";
import { clockSaid, fullDay, mailWall } from "./moments.js";
import { whileVisible } from "./poll.js";

const byId = (id) => document.getElementById(id);
const data = pageData();
const { language } = data;
const texts = data.texts[language];

const state = { mails: [], read: new Set(), known: null, chosen: null, view: null };

async function look() {
  const mails = await fetchMails(data.api);
  const trouble = byId("trouble");
  trouble.hidden = Boolean(mails);
  if (!mails) {
    trouble.textContent = mails === null ? texts.away : texts.unreachable;
    return;
  }
  byId("empty").hidden = mails.length > 0;
  byId("desk").hidden = mails.length === 0;
  const fresh = state.known ? mails.filter((mail) => !state.known.has(mail.id)) : [];
  const changed = !state.known || fresh.length > 0 || mails.length !== state.known.size;
  if (state.known === null) mails.forEach((mail) => state.read.add(mail.id));
  state.mails = mails;
  state.known = new Set(mails.map((mail) => mail.id));
  if (!changed) return;
  if (fresh.length) {
    byId("announcement").textContent = fresh.length === 1 ? texts.new_one : fill(texts.new_many, { count: fresh.length });
  }
  if (state.chosen === null || !state.known.has(state.chosen)) choose(addressed() ?? mails[0]?.id ?? null);
  else showList();
}

/** The message that the address names (`/mailbox#id`), if it is here. */
function addressed() {
  const id = decodeURIComponent(location.hash.slice(1));
  return state.mails.find((mail) => String(mail.id) === id)?.id ?? null;
}

function choose(id) {
  state.chosen = id;
  state.read.add(id);
  showList();
  showLetter();
}

function showList() {
  const focused = document.activeElement?.dataset?.mail;
  byId("letters").replaceChildren(
    ...state.mails.map((mail) =>
      mailLine(mail, `#${encodeURIComponent(mail.id)}`, language, texts, {
        current: mail.id === state.chosen,
        unread: !state.read.has(mail.id),
      }),
    ),
  );
  if (focused) byId("letters").querySelector(`[data-mail="${CSS.escape(focused)}"]`)?.focus();
}

function showLetter() {
  const letter = byId("letter");
  const mail = state.mails.find((candidate) => candidate.id === state.chosen);
  if (!mail) return letter.replaceChildren(element("p", { class: "none" }, texts.choose));
  const when = mailWall(mail.date);
  const fact = (name, value) => (value ? [element("dt", {}, name), element("dd", {}, value)] : []);
  return letter.replaceChildren(
    element("a", { href: "#letters", class: "back" }, texts.back),
    element("h2", {}, mail.subject || texts.no_subject),
    element(
      "dl",
      { class: "facts" },
      ...fact(texts.from, addressLine(mail.from)),
      ...fact(texts.to, addressLine(mail.to)),
      ...fact(texts.date, when === null ? mail.date : `${fullDay(when, language)}, ${clockSaid(when, language)}`),
    ),
    ...views(mail, language, texts, state.view, (view) => {
      state.view = view;
    }),
  );
}

window.addEventListener("hashchange", () => {
  if (location.hash === "#letters") {
    byId("letters").querySelector("[aria-current]")?.focus();
    return;
  }
  const id = addressed();
  if (id === null) return;
  if (id !== state.chosen) choose(id);
  reveal();
});

/** On a narrow page the message lies below the list: bring it into view. */
function reveal() {
  const letter = byId("letter");
  if (letter.getBoundingClientRect().top < window.innerHeight * 0.6) return;
  letter.scrollIntoView();
  letter.focus({ preventScroll: true });
}

whileVisible(look, 3000);
document.documentElement.dataset.ready = "true";
