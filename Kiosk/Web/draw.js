// SPDX-License-Identifier: Apache-2.0
// Roof and base: what is the same in every scene.

import { make, press, text } from "./dom.js";
import { icon } from "./svg.js";
import { tag } from "./parts.js";

/** Whose terminal this is, and what time it is. */
export function drawRoof(roof) {
  return [
    make("p", { class: "site" },
      make("span", {}, roof.service), make("b", { lang: "zh-CN" }, roof.site)),
    make("p", { class: "now" }, tag(roof.tag), make("span", { class: "when" },
      text("span", roof.date, { class: "day" }), make("b", {}, roof.clock))),
  ];
}

const states = { on: "on", resting: "rest", normal: "" };

/** The constant controls. */
export function drawBase(controls, view) {
  const otherLanguage = view.scene.look.language === "zh" ? "en" : "zh-CN";
  return controls.map((control) => {
    const toggles = control.choice === "size" || control.choice === "contrast";
    const button = press({
      class: `${control.choice === "help" ? "call" : ""} ${states[control.state]}`.trim() || null,
      "data-choice": control.choice,
      lang: control.choice === "language" ? otherLanguage : null,
      "aria-pressed": toggles ? String(control.state === "on") : null,
    }, icon(control.icon), make("span", {}, control.text));
    button.addEventListener("click", () => view.choose(control.choice, button));
    return button;
  });
}
