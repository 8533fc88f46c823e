// The form: a real one, so that it can be sent without us; what is typed is kept until it was accepted.
const PERSON = "replydesk:person";
const DETAILS = ["author", "email", "website"];
const FIELDS = ["comment", ...DETAILS];

class Form {
  constructor(thread) {
    this.thread = thread;
    this.parent = null;
    this.draftKey = `replydesk:draft:${thread.pageUrl}`;
    this.element = null;
  }

  show(site) {
    if (this.element) return this.element;
    const { t } = this.thread;
    const person = kept(PERSON) ?? {};
    const draft = kept(this.draftKey) ?? {};
    this.draft = draft;
    const mark = (isNeeded) => (isNeeded ? " *" : "");
    const input = (name, type, size, isNeeded) => this.field(
      name, t[name] + mark(isNeeded),
      h("input", { id: name, name, type, maxlength: size, autocomplete: { author: "name", website: "url" }[name] ?? name, dir: name === "author" ? "auto" : null, required: isNeeded, value: draft[name] ?? person[name] ?? "" }),
    );
    const box = (name, label, isOn) => h("p", { class: "box" }, h("input", { id: name, name, type: "checkbox", value: "on", checked: isOn }), " ", h("label", { for: name }, label));
    const links = [["rules", site.house_rules_url], ["privacy", site.privacy_url]].filter(([, url]) => safe(url));
    this.title = h("h3", { id: "reply-title" }, t.leave);
    this.cancel = h("button", { type: "button", class: "quiet", hidden: true, onclick: () => this.replyTo(null) }, t.cancel);
    this.faults = h("div", { class: "summary fault", role: "alert", tabindex: "-1", hidden: true });
    this.button = h("button", { class: "send" }, t.send);
    this.comment = h("textarea", { id: "comment", name: "comment", rows: 6, required: true, maxlength: site.comment_limit, dir: "auto" });
    this.comment.value = draft.comment ?? "";
    this.element = h(
      "form",
      { method: "post", action: `${this.thread.api}/comments`, "accept-charset": "utf-8", "aria-labelledby": "reply-title", novalidate: true, onsubmit: (event) => this.submit(event), oninput: () => this.keepDraft(), onfocusin: () => this.open() },
      h("div", { class: "line" }, this.title, this.cancel),
      this.faults,
      h("p", { class: "muted" }, t.note),
      h("input", { type: "hidden", name: "page_url", value: this.thread.pageUrl }),
      h("input", { type: "hidden", name: "page_title", value: (document.querySelector('meta[property="og:title"]')?.content || document.title).slice(0, 200) }),
      this.field("comment", `${t.comment} *`, this.comment),
      h("div", { class: "row" }, input("author", "text", 100, site.author_required), input("email", "email", 254, site.email_required)),
      input("website", "url", 500, false),
      h("p", { class: "trap", "aria-hidden": "true" }, h("input", { name: "subject_line", tabindex: "-1", autocomplete: "off" })),
      site.mail && h("fieldset", null, h("legend", null, t.mail), box("mail_decision", t.decision, false), box("mail_replies", t.replies, false)),
      box("remember", t.remember, kept(PERSON) !== null),
      links.length > 0 && h("p", { class: "line" }, ...links.map(([word, url]) => h("a", { href: url, target: "_blank", rel: "noopener" }, t[word]))),
      h("p", null, this.button),
    );
    return this.element;
  }

  field(name, label, control) {
    return h("p", null, h("label", { for: name }, label), control, h("span", { class: "fault", id: `${name}-fault`, hidden: true }));
  }

  // Beside the comment that is replied to, or back below the thread.
  replyTo(comment, place) {
    this.parent = comment?.id ?? null;
    this.title.textContent = comment ? this.thread.say("to", { name: comment.author }) : this.thread.t.leave;
    this.cancel.hidden = !comment;
    (place ?? this.thread.home).append(this.element);
    if (comment) this.comment.focus();
    this.keepDraft();
  }

  // The token says when the form was opened, the key makes a second try the same reply.
  open() {
    this.token ??= this.thread.ask("/form-token").catch(() => ({}));
  }

  values() {
    const values = Object.fromEntries(new FormData(this.element));
    delete values.remember;
    for (const name of ["mail_decision", "mail_replies"]) values[name] = values[name] === "on";
    if (this.parent) values.parent_id = this.parent;
    return values;
  }

  keepDraft() {
    const { comment, author, website } = this.values();
    keep(this.draftKey, comment.trim() ? { comment, author, website, key: this.draft.key } : null);
  }

  async submit(event) {
    event.preventDefault();
    this.open();
    this.tell([]);
    const remembered = this.element.elements.namedItem("remember").checked;
    const values = this.values();
    keep(PERSON, remembered ? Object.fromEntries(DETAILS.map((name) => [name, values[name]])) : null);
    this.button.disabled = true;
    try {
      const token = await this.token;
      this.draft.key ??= token.submission_key;
      this.keepDraft();
      await this.send({ ...values, form_token: token.form_token, submission_key: this.draft.key });
    } finally {
      this.button.disabled = false;
    }
  }

  async send(values) {
    const { t } = this.thread;
    let answer;
    try {
      answer = await fetch(`${this.thread.api}/comments`, {
        method: "POST", credentials: "omit", body: JSON.stringify(values),
        headers: { "Content-Type": "application/json", Accept: "application/json", "Accept-Language": this.thread.lang },
      });
    } catch {
      return this.tell([], t.unsent);
    }
    const said = await answer.json().catch(() => ({}));
    if (answer.status === 202) return this.accepted(said, values);
    if (answer.status === 429) return this.tell([], this.thread.say("fast", { n: answer.headers.get("Retry-After") ?? 60 }));
    if (answer.status >= 500) return this.tell([], t.unsent);
    if (said.code === "idempotency-key-reused") {
      this.draft.key = null; // it was changed since it was sent: it is another one
      this.token = null;
    }
    return this.tell(said.errors ?? [], said.detail ?? said.title);
  }

  accepted(said, values) {
    this.draft.key = null;
    this.token = null;
    this.comment.value = "";
    keep(this.draftKey, null);
    this.thread.addOwn({ id: said.id, receipt: said.receipt_url, parent: values.parent_id ?? null, author: values.author, text: values.comment, at: said.submitted_at });
    this.replyTo(null);
  }

  // Each fault beside its field, all of them on top, and the first one under the cursor.
  tell(unsorted, notice) {
    const rank = (one) => (FIELDS.includes(one.field) ? FIELDS.indexOf(one.field) : FIELDS.length);
    const errors = [...unsorted].sort((one, other) => rank(one) - rank(other));
    for (const name of FIELDS) {
      const control = this.element.elements.namedItem(name);
      const place = this.thread.root.getElementById(`${name}-fault`);
      const fault = errors.find((one) => one.field === name);
      place.textContent = fault?.detail ?? "";
      place.hidden = !fault;
      for (const [attribute, value] of [["aria-invalid", "true"], ["aria-describedby", `${name}-fault`]]) {
        if (fault) control.setAttribute(attribute, value);
        else control.removeAttribute(attribute);
      }
    }
    const is_wrong = errors.length > 0;
    this.faults.replaceChildren();
    this.faults.hidden = !is_wrong && !notice;
    if (this.faults.hidden) return;
    this.faults.append(h("p", null, is_wrong ? this.thread.t.look : notice));
    if (is_wrong) this.faults.append(h("ul", null, ...errors.map((one) => h("li", null, `${this.thread.t[one.field] ?? one.field}: ${one.detail}`))));
    const first = errors.find((one) => FIELDS.includes(one.field));
    (first ? this.element.elements.namedItem(first.field) : this.faults).focus();
  }
}
