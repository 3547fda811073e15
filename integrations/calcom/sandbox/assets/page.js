// Redraws the day when a booking changes; embedded, it turns to the day of the change and shows it.
// Without scripts the page is right at every load.
(() => {
  const PARTS = ["heading", "days", "status", "day"];
  const LIVING = ["accepted", "pending"];
  const embedded = document.body.classList.contains("embed");
  const byId = (id) => document.getElementById(id);
  let known = null;
  let looking = false;

  const dayOf = (booking) =>
    new Intl.DateTimeFormat("en-CA", { timeZone: byId("day").dataset.zone }).format(new Date(booking.start));

  const addressOf = (booking) => {
    const address = new URL(location.href);
    address.searchParams.set("day", dayOf(booking));
    return address.href;
  };

  const blockOf = (page, booking) => page.querySelector(`[data-uid="${CSS.escape(booking.uid)}"]`);

  async function pageAt(address) {
    return new DOMParser().parseFromString(await (await fetch(address)).text(), "text/html");
  }

  /** The change to look at: a booking that stands rather than one that was cancelled, the earliest of an appointment. */
  function leading(changed) {
    const byStart = [...changed].sort((a, b) => a.start.localeCompare(b.start));
    return byStart.find((booking) => LIVING.includes(booking.status)) ?? byStart[0];
  }

  function show(page) {
    for (const id of PARTS) {
      const fresh = page.getElementById(id);
      // What is the same stays, and with it the focus in it.
      if (byId(id).outerHTML !== fresh.outerHTML) byId(id).replaceWith(fresh);
    }
    document.title = page.title;
  }

  async function redraw(changed) {
    const booking = embedded ? leading(changed) : undefined;
    if (booking) {
      const address = addressOf(booking);
      const page = await pageAt(address);
      // What the page hides, such as a probe, must not turn it.
      if (blockOf(page, booking) || !LIVING.includes(booking.status)) {
        history.replaceState(null, "", address);
        show(page);
        const block = blockOf(document, booking);
        const box = byId("scroll");
        if (block) box.scrollTop = block.offsetTop - box.clientHeight / 3;
        return;
      }
    }
    show(await pageAt(location.href));
  }

  async function look() {
    if (document.hidden || looking) return;
    looking = true;
    try {
      const { bookings } = await (await fetch("/_sandbox/bookings")).json();
      const found = new Map(bookings.map((booking) => [booking.uid, JSON.stringify(booking)]));
      if (known !== null) {
        const changed = bookings.filter((booking) => known.get(booking.uid) !== found.get(booking.uid));
        if (changed.length || [...known.keys()].some((uid) => !found.has(uid))) await redraw(changed);
      }
      known = found;
    } catch { /* the sandbox is away; the next look tries again */
    } finally {
      looking = false;
    }
  }

  look();
  setInterval(look, 1500);
  document.addEventListener("visibilitychange", look);
})();
