// SPDX-License-Identifier: Apache-2.0
// What is left of the time to answer.

import { make } from "./dom.js";
import { ring } from "./svg.js";

/** A shrinking ring and a number; counts by itself until it is taken off the page. */
export function countdown(time, inHead) {
  const { picture, show } = ring();
  const number = make("b", {}, String(time.seconds));
  const element = make("div", {
    class: inHead ? "ring in-head" : "ring", role: "timer",
    "aria-label": `${time.seconds} ${time.unit}`,
  }, picture, make("span", { class: "in" }, number, make("span", { class: "unit" }, time.unit)));
  const started = performance.now();
  const tick = () => {
    const left = Math.max(0, time.seconds - Math.floor((performance.now() - started) / 1000));
    number.textContent = String(left);
    // The ring takes a second for each step, so it goes towards the next one.
    show(Math.max(0, left - 1) / Math.max(1, time.seconds));
    if (left === 0 || !element.isConnected) clearInterval(timer);
  };
  const timer = setInterval(tick, 1000);
  show(1);
  requestAnimationFrame(tick);
  return element;
}
