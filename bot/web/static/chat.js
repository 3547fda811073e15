// The chat page: sends what the guest writes or presses, shows the answers, looks for later messages.

import { Memory, Trouble, newConversation, newKey, send, transcript } from "./chat-api.js";
import { fill, pageData } from "./dom.js";
import { whileVisible } from "./poll.js";
import { Thread } from "./thread.js";

const LIMIT = 2000;
const COUNT_FROM = 1600;
const POLL_PAUSE = 4000;

const byId = (id) => document.getElementById(id);
const data = pageData();
const pageTexts = data.texts[data.language];
const textsOf = (language) => data.texts[language] ?? pageTexts;
const memory = new Memory(data.tenant.id);
const box = byId("message");
const empty = byId("empty");

const thread = new Thread(byId("log"), byId("replies"), data.tenant, textsOf, {
  choose: (choice, event) => submit({ choice: choice.id, shown: choice.label }, event),
  say: (sentence, event) => submit({ text: sentence, shown: sentence }, event),
});

const state = {
  conversation: memory.conversation ?? "",
  queue: [],
  busy: false,
  epoch: 0,
  guestCount: 0,
  botSeen: new Map(),
  late: new Map(),
  serviceNames: new Map(),
};

const count = (map, text, step) => map.set(text, (map.get(text) ?? 0) + step);

// --- sending

function submit(message, event = null) {
  if (state.busy && message.choice) return;
  const chosen = message.choice ?? null;
  thread.closeChoices(chosen);
  empty.hidden = true;
  const bubble = thread.guest(message.shown, pageTexts);
  state.guestCount += 1;
  const body = { conversation: state.conversation, language: data.language };
  if (chosen === null) body.text = message.text;
  else body.choice = chosen;
  state.queue.push({ body, key: newKey(), bubble, text: message.text ?? "", tries: 0 });
  noteChosen(chosen);
  keepFocus(event);
  work();
}

async function work() {
  if (state.busy) return;
  state.busy = true;
  while (state.queue.length) {
    const job = state.queue.shift();
    state.epoch += 1;
    const epoch = state.epoch;
    thread.waiting(true, pageTexts);
    try {
      const answer = await send(data.api, job.body, job.key);
      if (epoch === state.epoch) show(answer, job);
    } catch (error) {
      // An answer that breaks the contract must not block the conversation, but must be seen by developers.
      if (!(error instanceof Trouble)) reportError(error);
      if (epoch === state.epoch) showTrouble(error instanceof Trouble ? error : new Trouble("server"), job);
    } finally {
      thread.waiting(false, pageTexts);
    }
  }
  state.busy = false;
}

function show(answer, job) {
  for (const reply of answer.replies) {
    if (job.tries && state.late.get(reply.text)) {
      count(state.late, reply.text, -1);
      continue;
    }
    count(state.botSeen, reply.text, 1);
    thread.bot(reply.text, pageTexts, answer.language);
  }
  state.conversation = answer.conversation;
  memory.conversation = answer.conversation;
  memory.last = { conversation: answer.conversation, answer, chosen: null };
  attach(answer);
  thread.waiting(false, pageTexts);
  thread.toAnswerOf(job.bubble);
}

/** What an answer carries beside its texts. */
function attach(answer) {
  const service = answer.outcome?.requested?.service;
  const named = answer.choices.find((choice) => choice.service_name)?.service_name;
  if (service && named) state.serviceNames.set(`${answer.language} ${service}`, named);
  if (answer.booking) thread.booking(answer.booking, bookingTitle(answer), answer.language);
  thread.choices(answer);
  box.placeholder = pageTexts[`placeholder_${answer.expects}`] ?? pageTexts.placeholder;
}

function bookingTitle({ booking, language }) {
  const known = booking.service_name ?? state.serviceNames.get(`${language} ${booking.service}`);
  if (known) return known;
  return [...new Set((booking.segments ?? []).map((segment) => segment.name).filter(Boolean))].join(" · ");
}

function showTrouble(error, job) {
  const text = {
    offline: pageTexts.error_offline,
    server: pageTexts.error_server,
    busy: fill(pageTexts.error_busy, { seconds: error.seconds }),
    refused: [pageTexts.error_refused, error.detail].filter(Boolean).join(" "),
    tenant: pageTexts.error_tenant,
  }[error.kind];
  const canRetry = error.kind !== "refused" && error.kind !== "tenant";
  if (!canRetry && job.text && !box.value) fillBox(job.text);
  const note = thread.trouble(job.bubble, text, pageTexts.retry, canRetry ? retry : null);
  function retry(event) {
    note.remove();
    job.bubble.classList.remove("unsent");
    state.queue.push({ ...job, tries: job.tries + 1 });
    keepFocus(event);
    work();
  }
}

// --- the composer

/** After a key press or with a mouse the focus goes on in the message box; a tap must not open the keyboard. */
function keepFocus(event) {
  const byKeyboard = event !== null && event.detail === 0;
  if (event === null || byKeyboard || matchMedia("(pointer: fine)").matches) box.focus();
  else byId("log").focus({ preventScroll: true });
}

const characters = (text) => [...text].length;

function fillBox(text) {
  box.value = text;
  measure();
}

function measure() {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`;
  const used = characters(box.value);
  const over = used > LIMIT;
  const note = byId("count");
  const say = new Intl.NumberFormat(data.language);
  note.hidden = used < COUNT_FROM;
  note.classList.toggle("over", over);
  note.textContent = fill(over ? pageTexts.too_long : pageTexts.count, { count: say.format(used), over: say.format(used - LIMIT) });
  if (over) box.setAttribute("aria-invalid", "true");
  else box.removeAttribute("aria-invalid");
}

byId("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = box.value.trim();
  if (!text || characters(text) > LIMIT) {
    if (text) announce(byId("count").textContent);
    box.focus();
    return;
  }
  fillBox("");
  submit({ text, shown: text });
});

box.addEventListener("input", measure);
box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  byId("composer").requestSubmit();
});

for (const example of document.querySelectorAll("[data-example]")) {
  example.addEventListener("click", (event) => submit({ text: example.textContent, shown: example.textContent }, event));
}

function announce(text) {
  byId("announcement").textContent = text;
}

byId("new-conversation").addEventListener("click", () => {
  state.epoch += 1;
  state.queue.length = 0;
  open(newConversation());
  memory.last = null;
  thread.clear();
  empty.hidden = false;
  box.placeholder = pageTexts.placeholder;
  announce(pageTexts.new_conversation_done);
  box.focus();
});

function open(conversation) {
  state.conversation = conversation;
  state.guestCount = 0;
  state.botSeen.clear();
  state.late.clear();
  memory.conversation = conversation;
}

// --- what was said before, and what comes later

function noteChosen(chosen) {
  const last = memory.last;
  if (last) memory.last = { ...last, chosen: chosen ?? "" };
}

async function restore() {
  if (!state.conversation) {
    open(newConversation());
    empty.hidden = false;
    return;
  }
  const asked = state.epoch;
  const { messages } = await transcript(data.api, state.conversation).catch(() => ({ messages: [] }));
  if (asked !== state.epoch) return;
  empty.hidden = messages.length > 0;
  if (!messages.length) return;
  const log = byId("log");
  log.setAttribute("aria-live", "off");
  for (const message of messages) append(message);
  const last = memory.last;
  const newest = messages.at(-1);
  if (last?.conversation === state.conversation && last.chosen === null && newest.text === last.answer.replies.at(-1)?.text) {
    attach(last.answer);
  }
  thread.toEnd();
  requestAnimationFrame(() => log.removeAttribute("aria-live"));
}

function append(message) {
  if (message.from === "guest") {
    state.guestCount += 1;
    return thread.guest(message.text, pageTexts);
  }
  count(state.botSeen, message.text, 1);
  return thread.bot(message.text, pageTexts);
}

/** Show what the transcript has and the log has not: messages from later, or from another window; and what became of a promise. */
async function lookForLater() {
  if (state.busy) return;
  const asked = state.epoch;
  const conversation = state.conversation;
  const found = await transcript(data.api, conversation, { withBookings: thread.pending }).catch(() => null);
  if (!found || state.busy || asked !== state.epoch || conversation !== state.conversation) return;
  const { messages, bookings } = found;
  thread.settle(bookings);
  const seen = new Map(state.botSeen);
  const guests = messages.filter((message) => message.from === "guest").length - state.guestCount;
  const fresh = messages.filter((message) => {
    if (message.from === "guest") return false;
    count(seen, message.text, -1);
    return seen.get(message.text) < 0;
  });
  const freshGuests = guests > 0 ? messages.filter((message) => message.from === "guest").slice(-guests) : [];
  const added = messages.filter((message) => fresh.includes(message) || freshGuests.includes(message));
  for (const message of added) {
    append(message);
    if (message.from !== "guest") count(state.late, message.text, 1);
  }
  if (!added.length) return;
  empty.hidden = true;
  thread.toEnd();
}

await restore();
measure();
whileVisible(lookForLater, POLL_PAUSE);
if (!document.body.classList.contains("embed")) box.focus();
document.documentElement.dataset.ready = "true";
