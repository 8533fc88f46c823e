// Elements are made one by one; no text is ever read as markup, so the page's Trusted Types have nothing to object to.
const h = (tag, props, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((one) => one !== null && one !== undefined && one !== false));
  return element;
};
const safe = (url) => (/^https?:\/\//i.test(url ?? "") ? url : null);

// What the service made of a text: a few kinds of elements, taken over one by one, anything else as its text.
const KINDS = new Set(["P", "BR", "EM", "STRONG", "BLOCKQUOTE", "UL", "OL", "LI", "CODE", "PRE", "A"]);
let trusted = (html) => html;
try {
  const policy = window.trustedTypes?.createPolicy("replydesk", { createHTML: (html) => html });
  if (policy) trusted = (html) => policy.createHTML(html);
} catch {
  // the page allows no policy: its text is shown as it was written
}
const parsed = (comment) => {
  try {
    return new DOMParser().parseFromString(trusted(comment.html), "text/html").body;
  } catch {
    return h("body", null, ...comment.text.split(/\n{2,}/).map((part) => h("p", null, ...lines(part))));
  }
};
const lines = (text) => text.split("\n").flatMap((line, at) => (at ? [h("br"), line] : [line]));
const copied = (node) => {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType !== Node.ELEMENT_NODE) return "";
  const children = [...node.childNodes].map(copied);
  if (!KINDS.has(node.tagName)) return h("span", null, ...children);
  if (node.tagName !== "A") return h(node.tagName, null, ...children);
  return h("a", { href: safe(node.getAttribute("href")), rel: "nofollow ugc noopener" }, ...children);
};
const textOf = (comment) => [...parsed(comment).childNodes].map(copied);

// Storage may be forbidden or full: then nothing is remembered, and nothing breaks.
const kept = (key) => {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
};
const keep = (key, value) => {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // not kept
  }
};
