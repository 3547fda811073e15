// What is seen of a conversation: messages, offers, quick replies, the booking card, waiting and trouble.

import { bookingCard, retire } from "./booking.js";
import { element, icon, prose, sign } from "./dom.js";
import { closeRow, offerRow } from "./offers.js";

export class Thread {
  /** `log` and `replies` are the page's elements, `textsOf(language)` gives texts, `act` is `{choose, say}`. */
  constructor(log, replies, tenant, textsOf, act) {
    this.log = log;
    this.replies = replies;
    this.tenant = tenant;
    this.textsOf = textsOf;
    this.act = act;
    this.row = null;
    this.waitingMark = null;
    this.lastSpeaker = "";
    this.atEnd = true;
    log.addEventListener("scroll", () => this.#note(), { passive: true });
    // A keyboard that opens or quick replies that appear take room: whoever was at the end stays there.
    new ResizeObserver(() => this.atEnd && this.toEnd()).observe(log);
  }

  #note() {
    this.atEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 4;
  }

  clear() {
    this.log.querySelectorAll(":scope > :not(#empty, noscript)").forEach((child) => child.remove());
    this.hideReplies();
    this.row = null;
    this.waitingMark = null;
    this.lastSpeaker = "";
  }

  guest(text, pageTexts) {
    return this.#message("guest", [element("span", { class: "unseen" }, `${pageTexts.guest}: `), text], null);
  }

  bot(text, pageTexts, language = null) {
    return this.#message("bot", [element("span", { class: "unseen" }, `${pageTexts.bot}: `), ...prose(text)], language);
  }

  #message(speaker, content, language) {
    const first = this.lastSpeaker !== speaker;
    this.lastSpeaker = speaker;
    const made = element(
      "div",
      { class: `message ${speaker}${first ? " first" : ""}` },
      speaker === "bot" && first ? sign() : null,
      element("p", { lang: language }, ...content),
    );
    this.#append(made);
    return made;
  }

  #append(node) {
    if (this.waitingMark) this.waitingMark.before(node);
    else this.log.append(node);
  }

  /** Show the choices of an answer: those with a start as cards, the others as quick replies. */
  choices(answer) {
    const texts = this.textsOf(answer.language);
    const timed = answer.choices.filter((choice) => choice.start);
    const others = answer.choices.filter((choice) => !choice.start);
    if (timed.length) {
      this.row = offerRow(timed, answer.language, texts, this.act.choose);
      this.#append(this.row);
    }
    this.replies.replaceChildren(
      ...others.map((choice) =>
        element(
          "button",
          {
            type: "button",
            lang: answer.language,
            class: choice.id === "yes" ? "reply primary" : "reply",
            "data-choice": choice.id,
            onclick: (event) => this.act.choose(choice, event),
          },
          choice.label,
        ),
      ),
    );
    this.replies.hidden = others.length === 0;
  }

  /** The newest choices are over; `chosen` is the id that was pressed, if it was one of them. */
  closeChoices(chosen = null) {
    if (this.row) {
      const pressed = chosen !== null && this.row.querySelector(`[data-choice="${CSS.escape(chosen)}"]`) ? chosen : null;
      closeRow(this.row, this.textsOf(this.row.lang), pressed);
    }
    this.row = null;
    this.hideReplies();
  }

  hideReplies() {
    this.replies.hidden = true;
    this.replies.replaceChildren();
  }

  booking(booking, title, language) {
    const texts = this.textsOf(language);
    for (const card of this.log.querySelectorAll(`[data-reference="${CSS.escape(booking.reference)}"]`)) {
      retire(card, this.textsOf(card.lang));
    }
    this.#append(bookingCard(booking, title, this.tenant, language, texts, this.act.say));
    this.lastSpeaker = "";
  }

  /** Whether a card still waits for the calendar. */
  get pending() {
    return this.#pendingCards().length > 0;
  }

  #pendingCards() {
    return [...this.log.querySelectorAll(".booking.pending:not(.retired)")];
  }

  /** Redraw the cards that waited for one of these bookings as it is now. */
  settle(bookings) {
    for (const card of this.#pendingCards()) {
      const booking = bookings.find((candidate) => candidate.reference === card.dataset.reference);
      if (!booking || booking.status === "pending") continue;
      const title = card.querySelector("h2").textContent;
      card.replaceWith(bookingCard(booking, title, this.tenant, card.lang, this.textsOf(card.lang), this.act.say));
    }
  }

  /** Show or hide that an answer is being waited for. */
  waiting(on, pageTexts) {
    this.log.setAttribute("aria-busy", String(on));
    this.waitingMark?.remove();
    this.waitingMark = null;
    if (!on) return;
    this.waitingMark = element("p", { class: "waiting" }, sign(), element("span", {}, pageTexts.writing));
    this.log.append(this.waitingMark);
    this.toEnd();
  }

  /** An error beside the message it concerns, with a way to send it again if that can help. Returns the note. */
  trouble(message, text, retryText, onretry) {
    const note = element(
      "div",
      { class: "trouble" },
      element("p", {}, icon("alert"), element("span", {}, text)),
      onretry ? element("button", { type: "button", class: "retry", onclick: onretry }, retryText) : null,
    );
    message.classList.add("unsent");
    message.after(note);
    this.toEnd();
    return note;
  }

  toEnd() {
    this.#scrollTo(Number.MAX_SAFE_INTEGER);
  }

  /** Scroll to the end, but keep `message` in sight when what follows it is taller than the log. */
  toAnswerOf(message) {
    this.#scrollTo(message.offsetTop - 12);
  }

  /** The log scrolls; in a very low window it does not and the page scrolls instead. */
  #scrollTo(top) {
    const scroller = getComputedStyle(this.log).overflowY === "auto" ? this.log : document.scrollingElement;
    const inset = scroller === this.log ? 0 : this.log.offsetTop;
    scroller.scrollTop = Math.min(top + inset, scroller.scrollHeight);
    this.#note();
  }
}
