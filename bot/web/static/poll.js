// Repeats a question while the page can be seen; never two at once, at once again when the page comes back.

/** Call `ask` now and then every `pause` milliseconds while the page is visible. Returns a function that asks at once. */
export function whileVisible(ask, pause) {
  let timer = 0;
  let running = false;
  async function round() {
    clearTimeout(timer);
    if (running || document.visibilityState !== "visible") return;
    running = true;
    try {
      await ask();
    } finally {
      running = false;
      timer = setTimeout(round, pause);
    }
  }
  document.addEventListener("visibilitychange", round);
  round();
  return round;
}
