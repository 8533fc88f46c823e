/* What happens meanwhile: who looks at what, what others decided, what is new, what comes after this page. */
"use strict";

(() => {
  const EVERY_MS = 10000;
  const SETTLE_MS = 150;
  const NEAR = 8;
  const BETWEEN_LOOKS_MS = 1500;
  const AGAIN_MS = 30000;
  const FEW = 5;
  const { byId, words } = desk;
  const known = new Set(desk.cards().map((card) => card.dataset.id));
  let waiting = [];
  let isFirst = true;
  let claimed = "";
  let settling = 0;
  let nextUrl = document.querySelector('a[rel="next"]')?.href;
  let loading = null;
  let stream = null;
  let soon = 0;

  const claim = () => {
    clearTimeout(settling);
    settling = setTimeout(async () => {
      const card = desk.current;
      const wanted = card?.querySelector("form.decide") ? card.dataset.id : "";
      if (words.status !== "held" || wanted === claimed) return;
      const release = claimed;
      claimed = wanted;
      const all = desk.cards();
      const near = all.slice(all.indexOf(card)).slice(0, NEAR).map((one) => one.dataset.id);
      const told = await desk.send("/dashboard/claim", { id: wanted, release, ids: near.join(",") }).catch(() => null);
      if (told?.standing) markAll(told.standing);
    }, SETTLE_MS);
  };

  const release = () => {
    if (!claimed) return;
    const fields = new URLSearchParams({ csrf: words.csrf, release: claimed });
    claimed = "";
    navigator.sendBeacon("/dashboard/claim", fields);
  };

  const mark = (card, standing) => {
    const note = card.querySelector(".item-claimed");
    note.hidden = !standing.claimed_by;
    note.textContent = standing.claimed_by ? desk.fill(words.claimed, { name: standing.claimed_by }) : "";
    const version = card.querySelector("form.decide")?.elements.version.value;
    if (version === undefined || String(standing.version) === version) return;
    const name = standing.decided_by ?? words.checks;
    const said = `status${standing.status[0].toUpperCase()}${standing.status.slice(1)}`;
    desk.tell(card, desk.fill(words.meanwhile, { name, status: words[said] ?? standing.status }));
    card.querySelector("form.decide").hidden = true;
    card.querySelector(".pick").disabled = true;
  };

  /* What others decided leaves once nobody sees it: what is in view does not move. */
  const tidy = (card) => {
    const { top, bottom } = card.getBoundingClientRect();
    const isSeen = card.offsetParent !== null && bottom > 0 && top < innerHeight;
    if (desk.isOver(card) && card !== desk.current && !isSeen) card.closest("li").remove();
  };

  const markAll = (standing) => {
    for (const card of desk.cards()) {
      if (standing[card.dataset.id]) mark(card, standing[card.dataset.id]);
      tidy(card);
    }
    loadMore();
  };

  const look = async () => {
    if (document.hidden) return;
    const shown = desk.cards();
    const told = await desk.send("/dashboard/news", { ids: shown.map((card) => card.dataset.id).join(",") }).catch(() => null);
    if (!told?.standing) return;
    markAll(told.standing);
    if (isFirst) told.newest.forEach((id) => known.add(id));
    isFirst = false;
    waiting = told.newest.filter((id) => !known.has(id));
    byId("news").hidden = waiting.length === 0;
    byId("news").textContent = desk.fill(words.news, { count: waiting.length });
    if (claimed) desk.send("/dashboard/claim", { id: claimed }).catch(() => {});
  };

  const lookSoon = () => {
    if (soon) return;
    soon = setTimeout(() => {
      soon = 0;
      look();
    }, BETWEEN_LOOKS_MS);
  };

  /* The stream tells that something happened; a look tells what. A hidden page has none: a browser allows six to a server,
     for all its pages together. A browser comes back by itself to a stream that was cut off, not to one that was refused. */
  const listen = () => {
    stream?.close();
    stream = null;
    if (document.hidden) return;
    const query = words.site ? `?site=${encodeURIComponent(words.site)}` : "";
    stream = new EventSource(`/dashboard/events${query}`);
    for (const type of ["open", "queued", "decided", "edited", "reset"]) stream.addEventListener(type, lookSoon);
    stream.addEventListener("error", () => stream?.readyState === EventSource.CLOSED && setTimeout(listen, AGAIN_MS));
  };

  /* Rows of another page of the queue, at the end of this one: nothing above them moves. */
  const append = async (url, wanted) => {
    const answer = await fetch(url, { signal: AbortSignal.timeout(8000) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const there = new Set(desk.cards().map((card) => card.dataset.id));
    const rows = [...page.querySelectorAll("ol.queue > li")].filter((row) => {
      const id = row.querySelector("article.item").dataset.id;
      return !there.has(id) && wanted(id);
    });
    desk.list.append(...rows);
    for (const row of rows) known.add(row.querySelector("article.item").dataset.id);
    desk.showEmpty();
    return { rows, page };
  };

  const bringNew = async () => {
    if (!desk.list) return location.reload();
    const wanted = new Set(waiting);
    const url = new URL(location.href);
    url.searchParams.set("sort", "newest");
    url.searchParams.delete("cursor");
    const { rows } = await append(url, (id) => wanted.has(id));
    wanted.forEach((id) => known.add(id));
    byId("news").hidden = true;
    if (!desk.current?.isConnected && rows.length > 0) desk.choose(rows[0].querySelector("article.item"));
    else desk.current?.focus({ preventScroll: true });
    desk.say(desk.fill(words.added, { count: rows.length }));
  };

  const loadMore = async () => {
    if (!nextUrl || loading || desk.cards().filter(desk.isFree).length > FEW) return;
    const decided = new Set(desk.done.flatMap((entry) => entry.taken.map(({ card }) => card.dataset.id)));
    loading = append(nextUrl, (id) => !decided.has(id));
    try {
      const { page, rows } = await loading;
      nextUrl = page.querySelector('a[rel="next"]')?.href;
      const link = document.querySelector('a[rel="next"]');
      if (nextUrl) link.href = nextUrl;
      else link?.parentElement.remove();
      if (!desk.current?.isConnected && rows.length > 0) desk.choose(rows[0].querySelector("article.item"));
    } catch {
      // the link to the next page is still there
    } finally {
      loading = null;
    }
  };

  const pace = () => {
    const minutes = Number(words.pace);
    if (!minutes) return;
    const since = Number(sessionStorage.getItem("at-work-since")) || Date.now();
    sessionStorage.setItem("at-work-since", since);
    const wait = Math.max(since + minutes * 60000 - Date.now(), 0);
    setTimeout(() => {
      desk.toast(desk.fill(words.break, { minutes }), { undo: false });
      sessionStorage.setItem("at-work-since", Date.now());
      pace();
    }, wait);
  };

  document.addEventListener("desk:chosen", claim);
  document.addEventListener("desk:chosen", loadMore);
  document.addEventListener("desk:decided", loadMore);
  byId("news").addEventListener("click", bringNew);
  addEventListener("pagehide", () => {
    release();
    stream?.close();
  });
  addEventListener("pageshow", (event) => event.persisted && listen());
  document.addEventListener("visibilitychange", listen);
  setInterval(look, EVERY_MS); // claims make no event
  look();
  listen();
  pace();
  desk.look = look;
})();
