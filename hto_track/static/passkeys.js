/* Passkeys: making one, and signing in with one. Its forms are hidden until here it is known that they can work. */
(() => {
  "use strict";
  const ASK_AGAIN_AFTER = 4 * 60 * 1000; /* a question lasts five minutes */

  const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const toText = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  /* What the server refused: a sentence for each field. */
  class Refused extends Error {
    constructor(errors) {
      super("refused");
      this.errors = errors;
    }
  }

  const send = async (form, address, content) => {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrf_token.value },
      body: JSON.stringify(content),
    });
    const isOurs = answer.headers.get("Content-Type")?.startsWith("application/json");
    const said = isOurs ? await answer.json() : {};
    if (!answer.ok || !isOurs) throw new Refused(said.errors ?? { "": form.dataset.failed });
    return said;
  };

  /* The question with its bytes, as the browser takes it; and its answer with text for bytes, as we do. */
  const asked = (question) => ({
    ...question,
    challenge: toBytes(question.challenge),
    ...(question.user && { user: { ...question.user, id: toBytes(question.user.id) } }),
    ...(question.excludeCredentials && {
      excludeCredentials: question.excludeCredentials.map((each) => ({ ...each, id: toBytes(each.id) })),
    }),
  });
  const answered = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = toText(credential.response[name]);
    }
    return { id: credential.id, rawId: toText(credential.rawId), type: credential.type, response };
  };

  const sentenceOf = (form, error) => {
    if (error instanceof Refused) return Object.values(error.errors)[0];
    if (error.name === "NotAllowedError" || error.name === "AbortError") return form.dataset.cancelled;
    if (error.name === "InvalidStateError") return form.dataset.known;
    return error instanceof TypeError ? document.body.dataset.offline : form.dataset.failed;
  };

  /* What went wrong, or nothing; at the field when it is about that. */
  const say = (form, error) => {
    const place = form.querySelector("[data-passkey-error]");
    place.textContent = error ? sentenceOf(form, error) : "";
    place.hidden = !error;
    const field = form.elements.name;
    if (!field) return;
    const isWrong = error instanceof Refused && "name" in error.errors;
    field.closest(".formfield").classList.toggle("wrong", isWrong);
    field.setAttribute("aria-invalid", String(isWrong));
    if (isWrong) field.focus();
  };

  const goOn = (form, credential) => send(form, form.action, {
    answer: answered(credential),
    name: form.elements.name?.value,
    next: form.elements.next.value,
  }).then((said) => location.assign(said.next));

  /* Passkeys among the suggestions of a field: the browser waits until one is chosen, or until the button is pressed. */
  let waiting = null;
  const stopWaiting = () => {
    waiting?.abort();
    waiting = null;
  };
  const waitForChoice = async (form) => {
    stopWaiting();
    const mine = new AbortController();
    waiting = mine;
    const again = setTimeout(() => waitForChoice(form), ASK_AGAIN_AFTER);
    mine.signal.addEventListener("abort", () => clearTimeout(again));
    let credential;
    try {
      if (!(await window.PublicKeyCredential.isConditionalMediationAvailable?.())) return;
      const question = asked(await send(form, form.dataset.question, {}));
      if (mine.signal.aborted) return;
      credential = await navigator.credentials.get({
        publicKey: question, mediation: "conditional", signal: mine.signal,
      });
    } catch {
      return; /* nobody asked for anything: the button says what is wrong */
    }
    stopWaiting();
    await goOn(form, credential).catch((error) => say(form, error));
  };

  const run = async (form) => {
    if (form.dataset.running) return;
    form.dataset.running = "yes";
    stopWaiting();
    say(form, null);
    try {
      const question = asked(await send(form, form.dataset.question, { name: form.elements.name?.value }));
      const isNew = form.dataset.passkey === "new";
      const credential = await navigator.credentials[isNew ? "create" : "get"]({ publicKey: question });
      await goOn(form, credential);
    } catch (error) {
      say(form, error);
      if ("waits" in form.dataset) waitForChoice(form);
    } finally {
      delete form.dataset.running;
    }
  };

  const forms = [...document.querySelectorAll("[data-passkey]")];
  const show = (name) => document.querySelectorAll(`[data-passkey-${name}]`).forEach((part) => { part.hidden = false; });
  for (const form of forms) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      run(form);
    });
  }
  if (forms.length && location.origin !== forms[0].dataset.origin) show("elsewhere");
  else if (!window.PublicKeyCredential) show("missing");
  else {
    forms.forEach((form) => { form.hidden = false; });
    const patient = forms.find((form) => "waits" in form.dataset);
    if (patient) waitForChoice(patient);
  }
})();
