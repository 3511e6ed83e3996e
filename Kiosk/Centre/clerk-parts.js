// SPDX-License-Identifier: Apache-2.0
// What the three lists of the desk share. The clerk's token is behind the # of the address;
// it is kept in this page only.

export const words = document.getElementById("words").dataset;
export const token = location.hash.slice(1);

/** "told", "unknown" → the sentence under data-told-unknown. */
export function word(family, name) {
  return words[family + name[0].toUpperCase() + name.slice(1)] ?? name;
}

/** 2026-11-21 03:12 in China Standard Time. */
export function moment(milliseconds) {
  if (milliseconds === null) return "–";
  return new Date(milliseconds + 8 * 3600 * 1000).toISOString().slice(0, 16).replace("T", " ");
}

export function grouped(number) {
  return [[0, 6], [6, 10], [10, 18], [18, 23], [23, 24]].map(([a, b]) => number.slice(a, b)).join("-");
}

export function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

export function button(text, act, className) {
  const made = element("button", text, className);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

/** A list of terms and what they say. */
export function pairs(list, rows) {
  list.replaceChildren(...rows.map(([term, text]) => {
    const pair = element("div");
    pair.append(element("dt", term), element("dd", text));
    return pair;
  }));
  return list;
}

async function ask(path, options) {
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  const answer = await fetch(path, { ...options, headers, cache: "no-store" })
    .catch(() => { throw new Error(words.unreachable); });
  if (answer.status === 401) throw new Error(words.token);
  if (!answer.ok) throw new Error(words.unreachable);
  return answer.json();
}

export const get = (path) => ask(path);
export const post = (path, message) => ask(path, { method: "POST", body: JSON.stringify(message) });

/** All pages of a list, whose entries stand under `name`. */
export async function all(path, name) {
  const entries = [];
  let next = null;
  do {
    const page = await get(`${path}limit=500` + (next === null ? "" : `&cursor=${next}`));
    entries.push(...page[name]);
    next = page.next;
  } while (next !== null);
  return entries;
}
