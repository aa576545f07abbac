/* A session that is not used ends. Five minutes before, the page says so and offers to stay; nothing filled in is lost. */
(() => {
  "use strict";
  const BEFORE = 5 * 60 * 1000;
  const region = document.getElementById("session-ending");
  const words = document.getElementById("session-words")?.content;
  if (!region || !words) return;

  /* Other tabs of this browser use the same session: each tells the rest until when it lasts. */
  const tabs = new BroadcastChannel("hto-session");
  let endsAt = Date.now() + Number(document.body.dataset.idleSeconds) * 1000;
  let said = "";

  /* Over an open sheet nothing else can be reached: then it is said there. */
  const place = () => {
    const sheet = document.querySelector("dialog[open]");
    if (sheet && region.parentNode !== sheet) sheet.prepend(region);
    else if (!sheet && region.parentNode !== document.body) document.querySelector(".top").before(region);
  };

  const say = (what, selector) => {
    if (said === what) return;
    said = what;
    region.replaceChildren(...(selector ? [words.querySelector(selector).cloneNode(true)] : []));
  };

  /* Looked at again and again, not set once: a laptop may sleep past the moment. */
  const look = () => {
    const left = endsAt - Date.now();
    place();
    if (left <= 0) say("ended", "[data-ended]");
    else if (left > BEFORE) say("");
    else if (said !== "for good") say("ending", "form");
  };

  const lastsUntil = (moment) => { endsAt = moment; look(); };
  tabs.addEventListener("message", (event) => { if (event.data > endsAt) lastsUntil(event.data); });

  region.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const hadFocus = region.contains(document.activeElement);
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
      if (answer.redirected || answer.status === 400) {  // to the way in: nobody is signed in here any more
        lastsUntil(0);
        return;
      }
      if (!answer.ok) throw new Error(answer.status);
      const { seconds } = await answer.json();
      if (seconds * 1000 <= BEFORE) say("for good", "[data-for-good]");
      lastsUntil(Date.now() + seconds * 1000);
      tabs.postMessage(endsAt);
      if (hadFocus) document.querySelector("main").focus();
    } catch {
      form.querySelector("p").textContent = document.body.dataset.offline;
    }
  });

  tabs.postMessage(endsAt);
  setInterval(look, 1000);
  document.addEventListener("visibilitychange", look);
  look();
})();
