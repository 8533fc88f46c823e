// Comforts for the reply form; everything works without this file.
(() => {
  "use strict";
  const PERSON = "replydesk:person";
  const DRAFT = "replydesk:draft:";
  const DETAILS = ["author", "email", "website"];

  // Storage may be forbidden or full: then nothing is remembered, and nothing breaks.
  const read = (key) => {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  };
  const write = (key, value) => {
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(value));
    } catch {
      // not kept
    }
  };

  // A draft ends only once the service has taken it: it was sent, and the answer was this receipt
  // or a redirect back to the page. A failed request leaves it where it was.
  const dropSent = (pageUrl) => {
    let keys = [];
    try {
      keys = Object.keys(localStorage);
    } catch {
      return;
    }
    for (const key of keys) {
      if (key.startsWith(`${DRAFT}${pageUrl} `) && read(key)?.sent) write(key, null);
    }
  };

  const receipt = document.querySelector("[data-accepted]");
  if (receipt) dropSent(receipt.dataset.accepted);

  const form = document.querySelector("form.reply-form");
  if (!form) return;
  const field = (name) => form.elements.namedItem(name);
  const valueOf = (name) => field(name)?.value ?? "";
  const faults = form.querySelector(".form-errors");
  if (faults) requestAnimationFrame(() => document.activeElement === faults || faults.focus());

  const [visit] = performance.getEntriesByType("navigation");
  if (!faults && visit?.type === "navigate" && visit.redirectCount > 0) dropSent(valueOf("page_url"));

  // The draft
  const draftKey = `${DRAFT}${valueOf("page_url")} ${valueOf("parent_id")}`;
  const comment = field("comment");
  const draft = read(draftKey);
  if (draft && !comment.value) comment.value = draft.text;
  const keepDraft = (sent) => write(draftKey, comment.value.trim() ? { text: comment.value, sent } : null);
  let waiting = 0;
  comment.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(keepDraft, 400, false);
  });

  // Name, email and website: kept in this browser, and only while the box is ticked
  const remember = document.getElementById("reply-remember");
  remember.closest("[hidden]").hidden = false;
  const person = read(PERSON);
  remember.checked = person !== null;
  for (const name of person ? DETAILS : []) {
    if (!field(name).value) field(name).value = person[name] ?? "";
  }
  remember.addEventListener("change", () => {
    if (!remember.checked) write(PERSON, null);
  });

  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    keepDraft(true);
    if (remember.checked) write(PERSON, Object.fromEntries(DETAILS.map((name) => [name, valueOf(name)])));
  });
  addEventListener("pagehide", () => {
    if (waiting && !read(draftKey)?.sent) keepDraft(false);
  });

  // The token tells when the form was opened, the key makes a second click the same reply.
  const fill = (name, value) => {
    if (typeof value !== "string" || valueOf(name)) return;
    const input = field(name) ?? Object.assign(document.createElement("input"), { type: "hidden", name });
    input.value = value;
    form.append(input);
  };
  form.addEventListener(
    "focusin",
    async () => {
      try {
        const address = new URL("form-token", new URL(form.getAttribute("action"), document.baseURI));
        const answer = await fetch(address, { credentials: "omit" });
        const given = answer.ok ? await answer.json() : {};
        fill("form_token", given.form_token);
        fill("submission_key", given.submission_key);
      } catch {
        // a missing token is no evidence against anybody
      }
    },
    { once: true },
  );
})();
