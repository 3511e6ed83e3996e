// SPDX-License-Identifier: Apache-2.0

import { ask } from "./api.js";
import { english, make } from "./dom.js";

const list = document.getElementById("papers");
const none = document.getElementById("no-paper");
const drawn = new Set();
let isFirst = true;

/** 8 dots a millimetre. */
function slip(paper) {
  const picture = make("img", {
    src: paper.picture, width: 576, height: paper.rows, alt: `凭条 ${paper.number} Slip`,
  });
  const link = make(
    "a", { href: paper.picture, target: "_blank", rel: "noopener" }, picture);
  const words = make(
    "p", {}, make("span", {}, `第 ${paper.number} 张 `, english("slip")),
    make("span", {}, `${Math.round(paper.rows / 8)} mm`));
  return make("li", { class: "slip" }, make("div", {}, link, words));
}

/** Puts new papers on top; those there at the start do not come out again. */
export async function showPapers() {
  const papers = await ask("papers");
  for (const paper of papers.filter(({ number }) => !drawn.has(number))) {
    drawn.add(paper.number);
    const entry = slip(paper);
    if (!isFirst) entry.classList.add("new");
    list.prepend(entry);
    list.parentElement.scrollTop = 0;
  }
  isFirst = false;
  none.hidden = drawn.size > 0;
}
