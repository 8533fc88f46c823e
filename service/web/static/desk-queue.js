/* The queue at work: decides at once, shows how to take it back, and takes it back itself where it was refused. */
"use strict";

window.desk = (() => {
  const byId = (id) => document.getElementById(id);
  const list = document.querySelector("ol.queue");
  const words = byId("desk-words").dataset;
  const done = []; // what can be taken back, the latest last
  const takenBack = new WeakMap(); // card to the promise that it is
  let current = null;

  const cards = () => (list ? [...list.querySelectorAll("article.item")] : []);
  const isOver = (card) => Boolean(card.querySelector("form.decide")?.hidden); // somebody decided it meanwhile
  const isFree = (card) => !isOver(card) && card.querySelector(".item-claimed").hidden;
  const say = (text) => {
    byId("live").textContent = "";
    requestAnimationFrame(() => (byId("live").textContent = text));
  };
  const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  const send = async (path, fields) => {
    const place = { csrf: words.csrf, status: words.status, site: words.site };
    const answer = await fetch(path, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams({ ...place, ...fields }),
      signal: AbortSignal.timeout(8000),
      keepalive: true, // whoever leaves the page has decided all the same
    });
    return answer.json();
  };

  const choose = (card, { focus = true } = {}) => {
    current?.closest("li").classList.remove("is-current");
    current = card ?? null;
    if (!card) return;
    card.closest("li").classList.add("is-current");
    if (focus) {
      card.focus({ preventScroll: true });
      card.scrollIntoView({ block: "nearest" });
    }
    document.dispatchEvent(new CustomEvent("desk:chosen"));
  };

  const move = (by) => {
    const all = cards();
    const at = all.indexOf(current);
    choose(all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)]);
  };

  const showEmpty = () => {
    const none = cards().length === 0;
    document.querySelector("p.empty").hidden = !none;
    if (byId("many")) byId("many").hidden = none;
  };

  /* Out of the list, and where it was: so that it can come back to that place. */
  const takeOut = (card) => {
    const row = card.closest("li");
    const kept = { card, row, after: row.previousElementSibling };
    row.remove();
    row.classList.remove("is-current");
    return kept;
  };

  const putBack = ({ row, after }) => {
    if (after?.isConnected) after.after(row);
    else list.prepend(row);
    showEmpty();
  };

  const fieldsOf = (card) => {
    const form = card.querySelector("form.decide");
    return { id: form.elements.id.value, version: form.elements.version.value };
  };

  const setVersion = (card, version) => {
    card.querySelector("form.decide").elements.version.value = version;
    card.querySelector(".pick").value = version;
  };

  const tell = (card, text) => {
    card.querySelector(".item-told")?.remove();
    const note = document.createElement("p");
    note.className = "item-told";
    note.textContent = text;
    card.querySelector(".item-head").after(note);
  };

  const toast = (text, { undo = true } = {}) => {
    const box = byId("toast");
    box.querySelector("p").textContent = text;
    box.querySelector("button").hidden = !undo;
    box.hidden = false;
    say(text);
  };

  /* The next that nobody else has; where there is none, the next. */
  const focusAfter = (all, gone) => {
    const left = all.filter((card) => !gone.includes(card));
    const behind = all.slice(all.indexOf(gone[0])).filter((card) => left.includes(card));
    return behind.find(isFree) ?? behind[0] ?? left.at(-1);
  };

  const refused = (kept, told) => {
    putBack(kept);
    tell(kept.card, told.text || words.failed);
    toast(told.text || words.failed, { undo: false });
    if (told.version && told.code === "stale-version") {
      kept.card.querySelector("form.decide").hidden = true;
      kept.card.querySelector(".pick").disabled = true;
    }
  };

  /* What was just taken back has its new version only when that is answered. */
  const ask = async (deciding, action, reason) => {
    const before = deciding.map((card) => takenBack.get(card)).filter(Boolean);
    if (before.length > 0) await Promise.all(before);
    const asked = deciding.map(fieldsOf);
    if (asked.length === 1) return [await send("/dashboard/decide", { ...asked[0], action, reason })];
    const picks = Object.fromEntries(asked.map(({ id, version }) => [`pick-${id}`, version]));
    return (await send("/dashboard/decide-many", { ...picks, action, reason })).results;
  };

  /* Decide about these cards: gone at once, back again where the server refuses. */
  const decide = async (chosen, action, reason = "") => {
    const buttons = chosen.filter((card) => !isOver(card)).filter((card) => card.querySelector(`form.decide button[value="${action}"]`));
    if (buttons.length === 0) return;
    const all = cards();
    const next = focusAfter(all, buttons);
    const taken = buttons.map((card) => {
      const box = card.querySelector(".pick");
      box.checked = false;
      card.classList.remove("is-picked");
      return takeOut(card);
    });
    const entry = { taken, all: taken };
    done.push(entry);
    choose(next);
    showEmpty();
    if (!next) document.querySelector("p.empty").focus();
    toast(taken.length > 1 ? fill(words.many, { count: taken.length }) : words[action]);
    countPicked();
    entry.sent = ask(buttons, action, reason).catch(() => taken.map(() => ({ ok: false })));
    const results = await entry.sent;
    taken.forEach((kept, place) => {
      if (results[place]?.ok) setVersion(kept.card, results[place].version);
      else if (!kept.row.isConnected) refused(kept, results[place] ?? {});
    });
    entry.taken = taken.filter((_, place) => results[place]?.ok);
    if (entry.taken.length === 0 && done.includes(entry)) done.splice(done.indexOf(entry), 1);
    else document.dispatchEvent(new CustomEvent("desk:decided", { detail: entry.taken.length }));
  };

  const undo = async () => {
    const entry = done.pop();
    if (!entry) return say(words.nothing);
    byId("toast").hidden = true;
    const back = entry.taken.map(({ card }) => card);
    for (const kept of [...entry.taken].reverse()) {
      putBack(kept);
      takenBack.set(kept.card, takeBack(entry, kept));
    }
    choose(back[0]);
    await Promise.all(back.map((card) => takenBack.get(card)));
    if (back.some((card) => card.isConnected)) say(words.undone);
  };

  /* Back in the list already; out of it again where the service refuses. */
  const takeBack = async (entry, kept) => {
    const results = await entry.sent;
    if (!results[entry.all.indexOf(kept)]?.ok) return; // it was never decided
    const told = await send("/dashboard/undo", { id: fieldsOf(kept.card).id }).catch(() => ({ ok: false }));
    if (told.ok) return setVersion(kept.card, told.version);
    const next = focusAfter(cards(), [kept.card]);
    if (kept.card.isConnected) takeOut(kept.card);
    if (current === kept.card) choose(next);
    showEmpty();
    toast(told.text || words.failed, { undo: false });
  };

  const picked = () => cards().filter((card) => card.querySelector(".pick")?.checked);

  const countPicked = () => {
    const form = byId("many");
    if (!form) return;
    const count = picked().length;
    form.querySelector("output").textContent = count;
    form.classList.toggle("is-at-hand", count > 0);
    for (const card of cards()) card.classList.toggle("is-picked", Boolean(card.querySelector(".pick")?.checked));
  };

  const chosen = () => {
    const several = picked();
    if (several.length > 0) return several;
    return current ? [current] : [];
  };

  document.addEventListener("focusin", (event) => {
    const card = event.target.closest?.("article.item");
    if (card && card !== current) choose(card, { focus: false });
  });
  document.addEventListener("change", (event) => event.target.matches(".pick") && countPicked());
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    if (!list || !form.matches(".decide, #many") || !button?.value) return;
    event.preventDefault();
    const of = form.matches("#many") ? picked() : [form.closest("article.item")];
    decide(of, button.value, form.elements.reason?.value ?? "");
  });
  byId("toast").querySelector("button").addEventListener("click", undo);
  byId("pick-all")?.addEventListener("click", () => {
    const boxes = cards().map((card) => card.querySelector(".pick")).filter((box) => box && !box.disabled);
    const all = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !all;
    countPicked();
  });

  document.querySelector(".queue-tools").hidden = false;
  if (byId("many")) {
    byId("many").querySelector(".many-words").hidden = true;
    byId("many").querySelector(".many-count").hidden = false;
    byId("pick-all").hidden = false;
  }
  if (cards().length > 0) choose(cards()[0], { focus: false });

  return { byId, cards, chosen, choose, countPicked, decide, done, fill, isFree, isOver, list, move, say, send, showEmpty, tell, toast, undo, words,
    get current() { return current; } };
})();
