// SPDX-License-Identifier: Apache-2.0
// Words: a real text field, so that any keyboard and any input method works.

import { make } from "./dom.js";
import { frame } from "./entry.js";
import { letterBoard } from "./keys.js";

const graphemes = new Intl.Segmenter("zh", { granularity: "grapheme" });

/** The first `limit` characters as a reader counts them. */
function cut(words, limit) {
  if (limit <= 0 || words.length <= limit) return words;
  let end = 0;
  let count = 0;
  for (const piece of graphemes.segment(words)) {
    if (count === limit) break;
    count += 1;
    end = piece.index + piece.segment.length;
  }
  return words.slice(0, end);
}

function length(words) {
  return words.length > 2000 ? [...words].length : [...graphemes.segment(words)].length;
}

/** A field of words, its letters, and what a keyboard on the table does to it. */
export function wordTyping(field, view) {
  const area = make("textarea", {
    class: "field text", "data-field": "", rows: 2, autocomplete: "off", autocorrect: "off",
    autocapitalize: "off", spellcheck: "false", inputmode: "none", "aria-labelledby": "title",
  });
  area.value = cut(field.value, field.limit);
  const count = make("span", { class: "count" });
  const { entry, changed } = frame(field, area, count);
  let composing = false;
  let height = 0;
  const sync = () => {
    if (composing) return;
    const plain = cut(area.value.replace(/\s*[\r\n]+\s*/g, " "), field.limit);
    if (plain !== area.value) {
      const end = Math.min(area.selectionEnd, plain.length);
      area.value = plain;
      area.setSelectionRange(end, end);
    }
    count.textContent = field.limit > 0 ? view.words.letters(length(plain), field.limit) : "";
    if (area.clientHeight !== height) { height = area.clientHeight; view.refit(); }
  };
  area.addEventListener("compositionstart", () => { composing = true; });
  area.addEventListener("compositionend", () => { composing = false; sync(); });
  area.addEventListener("input", () => { changed(); sync(); });
  const put = (words) => {
    area.setRangeText(words, area.selectionStart, area.selectionEnd, "end");
    changed();
    sync();
    area.scrollTop = area.scrollHeight;
  };
  const erase = () => {
    if (area.selectionStart === area.selectionEnd) {
      const before = [...graphemes.segment(area.value.slice(0, area.selectionStart))].at(-1);
      if (!before) return;
      area.setSelectionRange(before.index, area.selectionEnd);
    }
    put("");
  };
  const type = (name) => {
    if (name === "done") view.choose("answer", entry.querySelector(".go"));
    else if (name === "erase") erase();
    else if (name === "clear") { area.value = ""; changed(); sync(); }
    else put(name);
  };
  sync();
  return {
    entry, keys: letterBoard(field, view.words, type), wide: true, focus: area,
    value: () => area.value, paste: null, refit: () => { height = area.clientHeight; },
    onKey: (event) => {
      if (event.isComposing || composing || event.keyCode === 229) return false;
      if (event.key === "Enter") { type("done"); return true; }
      return false;
    },
  };
}
