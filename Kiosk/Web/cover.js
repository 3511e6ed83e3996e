// SPDX-License-Identifier: Apache-2.0
// What lies over the wall while no scene can be shown, in both languages.

import { make, text } from "./dom.js";
import { drawing } from "./svg.js";
import { notices, words } from "./words.js";

const cover = document.getElementById("cover");

function both(notice) {
  const [title, line] = notice.zh;
  const [englishTitle, englishLine] = notice.en;
  return [
    make("h1", { lang: "zh-CN" }, title),
    make("p", { lang: "zh-CN" }, line),
    make("p", { lang: "en", class: "second" }, make("b", {}, englishTitle)),
    make("p", { lang: "en" }, englishLine),
  ];
}

function show(kind, ...lines) {
  const gate = drawing("gate", "", words.zh, "waiting");
  cover.replaceChildren(...[gate].filter(Boolean), make("div", { class: "words" }, ...lines));
  cover.dataset.notice = kind;
  cover.hidden = false;
}

export function coverFor(kind) {
  show(kind, ...both(notices[kind]));
}

/** A newer page took over; the terminal sends the words. */
export function coverReplaced(sent) {
  if (sent.title) show("replaced", make("h1", {}, sent.title), text("p", sent.text));
  else coverFor("replaced");
}

export function uncover() {
  cover.hidden = true;
  cover.replaceChildren();
  delete cover.dataset.notice;
}
