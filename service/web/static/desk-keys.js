/* One key for each action, the dialogs, and one comment at a time. */
"use strict";

(() => {
  const { byId, words } = desk;
  const help = byId("help");
  const reasons = byId("reasons");
  let rejecting = [];

  const askWhy = () => {
    rejecting = desk.chosen().filter((card) => card.querySelector('form.decide button[value="reject"]'));
    if (rejecting.length > 0) reasons.showModal();
  };

  const rejectFor = (button) => {
    reasons.close();
    desk.decide(rejecting, "reject", button.dataset.reason);
  };

  const pick = () => {
    const box = desk.current?.querySelector(".pick");
    if (!box || box.disabled) return;
    box.checked = !box.checked;
    desk.countPicked();
  };

  const oneAtATime = (on = !document.body.classList.contains("one-at-a-time")) => {
    document.body.classList.toggle("one-at-a-time", on);
    byId("focus-mode").setAttribute("aria-pressed", String(on));
    sessionStorage.setItem("one-at-a-time", on ? "1" : "");
    if (on) desk.choose(desk.current ?? desk.cards()[0]);
  };

  const openArticle = () => desk.current?.querySelector(".item-page a")?.click();

  const actions = {
    a: () => desk.decide(desk.chosen(), "approve"),
    r: askWhy,
    s: () => desk.decide(desk.chosen(), "spam"),
    h: () => desk.decide(desk.chosen(), "hold"),
    u: desk.undo,
    j: () => desk.move(1),
    k: () => desk.move(-1),
    x: pick,
    f: () => oneAtATime(),
    n: () => byId("news").hidden || byId("news").click(),
    o: openArticle,
    "?": () => help.showModal(),
  };

  const isTyping = (target) =>
    target.matches("input:not([type=checkbox]), textarea, select") || target.isContentEditable;

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (reasons.open) {
      const button = reasons.querySelectorAll("[data-reason]")[Number(event.key) - 1];
      if (/^[1-9]$/.test(event.key) && button) {
        event.preventDefault();
        rejectFor(button);
      }
      return;
    }
    if (words.keys === "off" || help.open || isTyping(event.target)) return;
    const act = actions[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });

  reasons.addEventListener("click", (event) => {
    const button = event.target.closest("[data-reason]");
    if (button) rejectFor(button);
  });
  byId("focus-mode").addEventListener("click", () => oneAtATime());
  byId("show-help").addEventListener("click", () => help.showModal());
  if (sessionStorage.getItem("one-at-a-time")) oneAtATime(true);
})();
