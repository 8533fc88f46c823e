// <reply-thread>: the comments of a page and the form, up to date while somebody looks.
const SHEET = new CSSStyleSheet();
SHEET.replaceSync(STYLE);
const SORTS = ["oldest", "newest", "picks"];
const SOON_MS = 1500;
const LIMIT = 100;
const OWN_LASTS_MS = 30 * 86_400_000;
const isRefused = (one) => one.status === "rejected" || one.status === "spam";

class ReplyThread extends HTMLElement {
  connectedCallback() {
    if (this.root) return this.wake();
    const script = scriptOf();
    const here = new URL(this.getAttribute("page-url") ?? document.querySelector('link[rel="canonical"]')?.href ?? location.href, document.baseURI);
    here.hash = "";
    this.pageUrl = here.href;
    this.site = this.getAttribute("site") ?? script.site;
    this.here = `${script.origin}/sites/${encodeURIComponent(this.site)}`;
    this.api = `${script.origin}/api/v1/sites/${encodeURIComponent(this.site)}`;
    const wanted = (this.getAttribute("lang") ?? script.lang ?? this.closest("[lang]")?.lang ?? navigator.language ?? "en").slice(0, 2).toLowerCase();
    this.lang = WORDS[wanted] ? wanted : "en";
    this.t = WORDS[this.lang];
    this.sort = SORTS.find((one) => one === this.getAttribute("sort")) ?? "oldest";
    this.ownKey = `replydesk:own:${this.pageUrl}`;
    this.parts = [];
    this.shown = new Map();
    this.root = this.attachShadow({ mode: "open" });
    this.root.adoptedStyleSheets = [SHEET];
    this.form = new Form(this);
    this.build();
    this.wake();
  }

  disconnectedCallback() {
    this.watcher?.disconnect();
    clearTimeout(this.timer);
  }

  say(key, values) {
    return this.t[key].replace(/{(\w+)}/g, (_, name) => values[name]);
  }

  build() {
    const option = (value) => h("option", { value, selected: this.sort === value }, this.t[value]);
    this.count = h("h2", null, "…"); // short: a longer one would push the order to a line of its own until the thread is there
    this.list = h("ol", { "aria-label": this.t.comment });
    this.more = h("button", { type: "button", class: "more", hidden: true, onclick: () => this.loadMore() }, this.t.more);
    this.notice = h("p", { role: "status", class: "muted" });
    this.home = h("div");
    const order = h("select", { id: "order", onchange: (event) => this.reorder(event.target.value) }, ...SORTS.map(option));
    const head = h("div", { class: "head" }, this.count, h("span", null, h("label", { for: "order", class: "muted" }, `${this.t.sort} `), order));
    this.root.append(h("div", { lang: this.lang }, head, this.notice, this.list, this.more, this.home));
  }

  // Nothing is asked for before the reader is near; a link to a comment is near at once.
  wake() {
    this.watcher = new IntersectionObserver(([entry]) => {
      this.isNear = entry.isIntersecting;
      if (this.isNear) this.start();
    }, { rootMargin: "600px 0px" });
    this.watcher.observe(this);
    if (location.hash.startsWith("#comment-")) this.start();
  }

  start() {
    if (this.isAwake) return;
    this.isAwake = true;
    addEventListener("hashchange", () => this.find());
    document.addEventListener("visibilitychange", () => this.hurry());
    this.load().then(() => this.find());
  }

  async ask(path, query) {
    const address = `${this.api}${path}${query ? `?${new URLSearchParams(query)}` : ""}`;
    const answer = await fetch(address, { credentials: "omit", cache: "no-cache", headers: { "Accept-Language": this.lang } });
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  }

  part(cursor) {
    return this.ask("/comments", { page_url: this.pageUrl, sort: this.sort, limit: LIMIT, ...(cursor && { cursor }) });
  }

  async load() {
    try {
      const [site, first] = await Promise.all([this.ask("/form"), this.part()]);
      this.parts = [first];
      this.settings = site;
      this.notice.replaceChildren();
      this.render();
    } catch {
      this.notice.replaceChildren(this.t.away, " ", h("button", { type: "button", class: "quiet", onclick: () => this.load() }, this.t.again));
      return;
    }
    this.quietSince = Date.now();
    await this.lookAtOwn(true);
    this.later();
  }

  async loadMore() {
    const next = this.parts.at(-1)?.next_cursor;
    if (!next) return;
    const before = this.list.lastElementChild;
    this.parts.push(await this.part(next));
    this.render();
    before?.nextElementSibling?.querySelector("article")?.focus();
  }

  reorder(sort) {
    this.sort = sort;
    this.shown.clear();
    this.list.replaceChildren();
    this.load();
  }

  // Often while something happens, seldom on a quiet page, not at all where nobody looks.
  later() {
    clearTimeout(this.timer);
    const quietMs = Date.now() - this.quietSince;
    const pauseMs = quietMs < 120_000 ? SOON_MS : quietMs < 600_000 ? 5000 : 30_000;
    this.timer = setTimeout(() => this.refresh(), pauseMs * (0.9 + Math.random() * 0.2));
  }

  hurry() {
    if (document.hidden || !this.isAwake) return;
    this.quietSince = Date.now();
    this.later();
  }

  async refresh() {
    if (!document.hidden && this.isNear) {
      try {
        const ends = [...new Set([0, this.parts.length - 1])];
        const before = JSON.stringify(this.parts);
        for (const at of ends) this.parts[at] = await this.part(at ? this.parts[at - 1].next_cursor : null);
        await this.lookAtOwn();
        if (JSON.stringify(this.parts) !== before) {
          this.quietSince = Date.now();
          this.render();
        }
      } catch {
        // the next look may do better
      }
    }
    this.later();
  }

  render() {
    const { page } = this.parts[0];
    const all = new Map(this.parts.flatMap((part) => part.comments).map((one) => [one.id, one]));
    const children = new Map();
    for (const one of all.values()) {
      const parent = all.has(one.parent_id) ? one.parent_id : null;
      if (!children.has(parent)) children.set(parent, []);
      if (parent === null || this.sort === "oldest") children.get(parent).push(one);
      else children.get(parent).unshift(one);
    }
    this.page = page;
    this.count.textContent = page.count === 0 ? this.t.none : page.count === 1 ? this.t.one : this.say("many", { n: page.count.toLocaleString(this.lang) });
    this.place(this.list, children.get(null) ?? [], children);
    for (const id of [...this.shown.keys()]) if (!all.has(id)) this.shown.delete(id);
    this.more.hidden = !this.parts.at(-1).next_cursor;
    this.showForm(page.open);
    this.showOwn(all);
  }

  // What is there stays the same element: nothing jumps under the reader's eyes or loses the focus.
  place(list, comments, children) {
    const wanted = comments.map((one) => this.entry(one, children));
    for (const node of [...list.children]) if (!wanted.includes(node) && !node.classList.contains("own-entry")) node.remove();
    wanted.forEach((node, at) => {
      if (list.children[at] !== node) list.insertBefore(node, list.children[at] ?? null);
    });
  }

  entry(comment, children) {
    const said = JSON.stringify([comment, this.page.open]);
    let known = this.shown.get(comment.id);
    if (!known) {
      known = { node: h("li"), article: null, replies: h("ol"), said: "", place: h("div") };
      known.toggle = h("button", { type: "button", class: "quiet", "aria-expanded": "true", onclick: () => this.fold(known) });
      this.shown.set(comment.id, known);
    }
    if (known.said !== said) {
      const article = this.article(comment, known);
      if (known.article) known.article.replaceWith(article);
      else known.node.append(article, known.place, known.toggle, known.replies);
      Object.assign(known, { article, said });
    }
    const replies = children.get(comment.id) ?? [];
    known.number = replies.length;
    this.place(known.replies, replies, children);
    this.fold(known, known.replies.hidden);
    return known.node;
  }

  fold(known, isHidden = !known.replies.hidden) {
    known.replies.hidden = isHidden;
    known.toggle.hidden = known.number === 0;
    known.toggle.setAttribute("aria-expanded", String(!isHidden));
    known.toggle.textContent = this.say(isHidden ? "show" : "hide", { n: known.number });
  }

  article(comment, known) {
    const id = `comment-${comment.id}`;
    if (comment.removed) return h("article", { id }, h("p", { class: "muted" }, this.t.gone));
    const website = safe(comment.website);
    const name = h("bdi", { class: "name" }, website ? h("a", { href: website, rel: "nofollow ugc noopener" }, comment.author) : comment.author);
    const when = h("time", { datetime: comment.published_at }, new Date(comment.published_at).toLocaleString(this.lang, { dateStyle: "medium", timeStyle: "short" }));
    return h(
      "article", { id, tabindex: "-1" },
      h("p", { class: "line" }, name, comment.staff && h("span", { class: "badge" }, this.t.staff), comment.picked && h("span", { class: "badge" }, this.t.pick), h("a", { href: `${this.pageUrl}#${id}`, "aria-label": this.t.link }, when), comment.edited_at && h("span", { class: "muted" }, this.t.edited)),
      h("div", { class: "text", dir: "auto" }, ...textOf(comment)),
      h(
        "p", { class: "actions" },
        this.page.open && h("button", { type: "button", class: "quiet", "aria-label": this.say("replyTo", { name: comment.author }), onclick: () => this.form.replyTo(comment, known.place) }, this.t.reply),
        h("a", { class: "quiet", href: `${this.here}/report?lang=${this.lang}&comment=${comment.id}`, "aria-label": `${this.t.report}: ${comment.author}`, rel: "nofollow" }, this.t.report),
      ),
    );
  }

  showForm(isOpen) {
    if (!isOpen) this.home.replaceChildren(h("p", { class: "muted" }, this.t.closed));
    else if (!this.form.element?.isConnected) {
      this.home.replaceChildren(this.form.show(this.settings));
      if (this.form.parent) this.form.replyTo(null); // what was replied to is gone
    }
  }

  // One's own comments: kept in this browser with their receipts, shown where they belong until they are decided.
  own() {
    const since = Date.now() - OWN_LASTS_MS;
    return (kept(this.ownKey) ?? []).filter((one) => Date.parse(one.at) > since);
  }

  addOwn(one) {
    keep(this.ownKey, [...this.own(), one].slice(-20));
    this.hurry();
    this.render();
    this.list.parentElement.querySelector(`[data-own="${one.id}"]`)?.focus();
  }

  async lookAtOwn(isFirst) {
    const now = await Promise.all(this.own().map(async (one) => {
      if (!isFirst && isRefused(one)) return one;
      try {
        const answer = await fetch(one.receipt.replace("/receipts/", "/api/v1/receipts/"), { credentials: "omit", cache: "no-store", headers: { "Accept-Language": this.lang } });
        if (answer.status === 404) return null;
        const { status, reason, reason_text } = await answer.json();
        return status === "published" ? null : { ...one, status, reason, why: reason_text };
      } catch {
        return one;
      }
    }));
    const left = now.filter(Boolean);
    if (JSON.stringify(left) === JSON.stringify(this.own())) return;
    keep(this.ownKey, left.length ? left : null);
    this.render();
  }

  showOwn(all) {
    for (const node of this.root.querySelectorAll(".own-entry")) node.remove();
    for (const one of this.own().filter((own) => !all.has(own.id))) {
      const said = isRefused(one) ? this.t.refused : one.reason === "awaiting_confirmation" ? this.t.confirm : this.t.waits;
      const node = h(
        "li", { class: "own-entry" },
        h("article", { class: "own", tabindex: "-1", "data-own": one.id },
          h("p", { class: "line" }, h("bdi", { class: "name" }, one.author), h("span", { class: "badge" }, said)),
          h("div", { class: "text", dir: "auto" }, h("p", null, ...lines(one.text))),
          isRefused(one) && one.why && h("p", null, one.why),
          safe(one.receipt) && h("p", null, h("a", { href: one.receipt }, this.t.state))),
      );
      (this.shown.get(one.parent)?.replies ?? this.list).append(node);
    }
  }

  // A link to a comment: load until it is there, then show it.
  async find() {
    const id = location.hash.slice(1);
    if (!id.startsWith("comment-")) return;
    for (let tries = 0; tries < 20 && !this.root.getElementById(id) && this.parts.at(-1)?.next_cursor; tries += 1) await this.loadMore();
    const found = this.root.getElementById(id);
    this.root.querySelector(".found")?.classList.remove("found");
    found?.classList.add("found");
    found?.scrollIntoView({ block: "center" });
    found?.focus({ preventScroll: true });
  }
}

const own = document.currentScript;
const scriptOf = () => {
  const script = own ?? document.querySelector("script[data-site][src*='/embed']");
  return { origin: new URL(script.src).origin, site: script.dataset.site, lang: script.dataset.lang };
};
if (!customElements.get("reply-thread")) customElements.define("reply-thread", ReplyThread);
