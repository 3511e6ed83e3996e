// SPDX-License-Identifier: Apache-2.0
// What stands around a thing to type.

import { make, text } from "./dom.js";
import { draft } from "./draft.js";
import { icon } from "./svg.js";

/** The entry with its hint, its count and its error below. `changed` puts the error away. */
export function frame(field, input, count) {
  const below = make("p", { class: "under" }, text("span", field.hint), count);
  const error = field.error && make("p", { class: "error", id: "error", role: "alert" },
    icon("wrong"), make("span", {}, field.error));
  if (field.error) {
    input.classList.add("bad");
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", "error");
  }
  const changed = () => {
    input.classList.remove("bad");
    input.removeAttribute("aria-invalid");
    if (error) error.style.setProperty("visibility", "hidden");
    draft.changed();
  };
  return { entry: make("div", { class: "entry" }, input, below, error), changed };
}
