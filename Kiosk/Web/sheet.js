// SPDX-License-Identifier: Apache-2.0
// Large letters: the rows of a summary are changed from below, within reach.

import { make, press } from "./dom.js";
import { icon } from "./svg.js";

/** One button that opens the list of rows; null when none can be changed. */
export function changeButton(scene, view) {
  const parts = [...scene.read, ...scene.body, ...scene.act];
  const rows = parts.flatMap((part) => part.rows ?? []).filter((row) => row.choice);
  if (rows.length === 0) return null;
  const button = press({ class: "btn change", "data-open": "rows" },
    icon("edit"), make("span", {}, rows[0].label ?? ""));
  button.addEventListener("click", () => open(rows, view));
  return button;
}

export function closeSheet() {
  document.querySelector(".sheet")?.remove();
}

function open(rows, view) {
  closeSheet();
  const choices = rows.map((row) => {
    const button = press({ class: "rowbtn", "data-choice": row.choice }, make("b", {}, row.term),
      make("span", { class: "why" }, row.value), icon("edit", "end"));
    button.addEventListener("click", () => view.choose(row.choice, button));
    return button;
  });
  const close = press({ class: "btn" }, icon("down"), make("span", {}, view.words.close));
  close.addEventListener("click", closeSheet);
  const label = rows[0].label ?? "";
  document.body.append(make("section", {
    class: "sheet", role: "dialog", "aria-modal": "true", "aria-label": label,
  },
  make("h2", {}, label),
  make("div", { class: choices.length > 4 ? "results many" : "results" }, ...choices),
  close));
  choices[0].focus({ preventScroll: true });
}
