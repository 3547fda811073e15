// The JSON API of the chat: one message out, one answer back; the transcript; whose conversation this is.

const WAIT = 30000;

/** Why a message got no answer: `kind` is offline, server, busy, refused or tenant. */
export class Trouble extends Error {
  constructor(kind, { detail = "", seconds = 0 } = {}) {
    super(kind);
    this.kind = kind;
    this.detail = detail;
    this.seconds = seconds;
  }
}

function randomHex(bytes) {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const newConversation = () => `c-${randomHex(16)}`;
export const newKey = () => randomHex(16);

/** Send one message body under its idempotency key; the answer, or a `Trouble`. */
export async function send(api, body, key) {
  const response = await request(api, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": key },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw await trouble(response);
  return readJson(response);
}

/** A conversation so far: `{messages: [{from, text, at}], bookings}`; the settled bookings only if asked for. */
export async function transcript(api, conversation, { withBookings = false } = {}) {
  const wanted = withBookings ? "&bookings=1" : "";
  const response = await request(`${api}?conversation=${encodeURIComponent(conversation)}${wanted}`, {});
  if (!response.ok) throw await trouble(response);
  const { messages = [], bookings = [] } = await readJson(response);
  return { messages, bookings };
}

async function request(address, options) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), WAIT);
  try {
    return await fetch(address, { ...options, signal: stop.signal, cache: "no-store", credentials: "same-origin" });
  } catch {
    throw new Trouble(stop.signal.aborted ? "server" : "offline");
  } finally {
    clearTimeout(timer);
  }
}

async function readJson(response) {
  try {
    return await response.json();
  } catch {
    throw new Trouble("server");
  }
}

async function trouble(response) {
  const problem = await response.json().catch(() => ({}));
  const detail = typeof problem.detail === "string" ? problem.detail : "";
  if (response.status === 404) return new Trouble("tenant", { detail });
  if (response.status === 429) return new Trouble("busy", { seconds: Number(response.headers.get("Retry-After")) || 10 });
  if (response.status >= 500 || response.status === 408) return new Trouble("server");
  return new Trouble("refused", { detail });
}

/** Keeps small values per tenant in the browser; without storage (private frames) they live as long as the page. */
export class Memory {
  constructor(tenant) {
    this.tenant = tenant;
    this.fallback = new Map();
  }

  get conversation() {
    return this.#read("localStorage", "conversation");
  }

  set conversation(id) {
    this.#write("localStorage", "conversation", id);
  }

  /** The last answer, so that its choices survive a reload: `{conversation, answer, chosen}`. */
  get last() {
    try {
      return JSON.parse(this.#read("sessionStorage", "last") ?? "null");
    } catch {
      return null;
    }
  }

  set last(value) {
    this.#write("sessionStorage", "last", JSON.stringify(value));
  }

  #read(store, name) {
    const key = `fermata.${name}.${this.tenant}`;
    try {
      return window[store].getItem(key) ?? this.fallback.get(key) ?? null;
    } catch {
      return this.fallback.get(key) ?? null;
    }
  }

  #write(store, name, value) {
    const key = `fermata.${name}.${this.tenant}`;
    this.fallback.set(key, value);
    try {
      window[store].setItem(key, value);
    } catch {
      return;
    }
  }
}
