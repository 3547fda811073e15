// Redraws the day when a booking changes; without scripts the page is right at every load.
(() => {
  let known = null;
  const look = async () => {
    if (document.hidden) return;
    try {
      const bookings = await (await fetch("/_sandbox/bookings")).text();
      if (known !== null && bookings !== known) {
        const page = await (await fetch(location.href)).text();
        const fresh = new DOMParser().parseFromString(page, "text/html");
        for (const id of ["day", "status"]) {
          document.getElementById(id).replaceWith(fresh.getElementById(id));
        }
      }
      known = bookings;
    } catch { /* the sandbox is away; the next look tries again */ }
  };
  look();
  setInterval(look, 1500);
  document.addEventListener("visibilitychange", look);
})();
