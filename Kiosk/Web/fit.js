// SPDX-License-Identifier: Apache-2.0
// Room. A scene is drawn at ease; where that is too much it is drawn closer, step by step,
// and what still does not fit rolls, with two large controls. Nothing is cut off.

import { make, press } from "./dom.js";
import { icon } from "./svg.js";

const all = ["close", "snug", "tight", "bare", "brief"];
const steps = [0, 1, 2, 3, 4, 5].map((count) => all.slice(0, count));
const leastRoll = 300;
/** Height of the veil where a rolling zone is cut. */
const fade = 44;

function set(wall, classes) {
  wall.classList.remove(...all);
  wall.classList.add(...classes);
}

const bottom = (element) => element.getBoundingClientRect().bottom;

/** Boxes count, not scrollHeight: tall letters in a low line reach beyond both without harm. */
function over(content) {
  const last = content.lastElementChild;
  return Boolean(last) && bottom(last) > bottom(content) + 1;
}

/** Whether reading and acting leave the body some room, and nothing is wider than its place. */
function framed(wall, leastBody) {
  const [read, body, act] = wall.children;
  const { paddingTop, paddingBottom } = getComputedStyle(wall);
  const top = wall.getBoundingClientRect().top + parseFloat(paddingTop);
  const floor = bottom(wall) - parseFloat(paddingBottom);
  const bodyRoom = body.firstChild.childElementCount === 0 || body.firstChild.clientHeight >= leastBody
    || !over(body.firstChild);
  return bottom(act) <= floor + 1 && !over(read.firstChild) && bodyRoom
    && act.getBoundingClientRect().top >= top - 1 && low(wall, act) && !wide(wall);
}

function wide(wall) {
  return wall.scrollWidth > wall.clientWidth + 1
    || [...wall.querySelectorAll(".number")].some((number) => number.scrollWidth > number.clientWidth + 1);
}

/** In elder mode on an upright screen no control is above the middle. */
function low(wall, act) {
  const root = document.documentElement;
  if (root.dataset.size !== "elder" || innerWidth > innerHeight) return true;
  const control = act.querySelector("button");
  return !control || control.getBoundingClientRect().top >= root.getBoundingClientRect().height / 2 - 1;
}

/** Chooses the widest drawing that fits. */
export function fit(wall, words) {
  wall.classList.add("measured");
  choose(wall, words);
  wall.classList.remove("measured");
}

function choose(wall, words) {
  for (const zone of wall.children) unroll(zone);
  const body = wall.children[1];
  // Where a number is to be taken along, what is said of it must be seen with it.
  const noted = Boolean(body.querySelector(".plate.huge"));
  for (const step of noted ? steps : steps.slice(0, 4)) {
    set(wall, step);
    if (framed(wall, 0) && !over(body.firstChild)) return;
  }
  for (const step of steps.slice(noted ? 4 : 2)) {
    set(wall, step);
    if (!framed(wall, leastRoll)) continue;
    if (!over(body.firstChild)) return;
    roll(body, words);
    if (plateShown(body)) return;
    unroll(body);
  }
  set(wall, all);
  if (over(body.firstChild)) roll(body, words);
  const [read, , act] = wall.children;
  if (bottom(act) > bottom(wall) + 1 || over(read.firstChild)) roll(read, words);
}

/** The number to take along must be seen without rolling. */
function plateShown(body) {
  const plate = body.querySelector(".plate");
  return !plate || bottom(plate) + fade / 2 <= bottom(body.firstChild);
}

function unroll(zone) {
  zone.classList.remove("scrolls");
  zone.querySelector(":scope > .scroller")?.remove();
}

function roll(zone, words) {
  const content = zone.firstChild;
  const step = (name, picture, word, way) => {
    const button = press({ class: "btn small", "data-scroll": name }, icon(picture), make("span", {}, word));
    button.addEventListener("click", () => {
      content.scrollBy({ top: way * Math.max(120, content.clientHeight - 110) });
    });
    return button;
  };
  const up = step("up", "up", words.up, -1);
  const down = step("down", "down", words.down, 1);
  const bar = make("div", { class: "scroller" }, up, down);
  zone.classList.add("scrolls");
  zone.append(bar);
  const state = () => {
    const atEnd = content.scrollTop + content.clientHeight >= content.scrollHeight - 2;
    up.classList.toggle("rest", content.scrollTop <= 2);
    down.classList.toggle("rest", atEnd);
    down.lastChild.textContent = atEnd ? words.bottom : words.down;
    bar.classList.toggle("end", atEnd);
  };
  content.addEventListener("scroll", state, { passive: true });
  state();
}

/** A long name in the roof or long words in the base get smaller letters. */
export function fitFrame(roof, base) {
  const names = ["crowded", "packed", "folded"];
  roof.classList.remove(...names);
  for (const name of names) {
    if (roof.scrollWidth > roof.clientWidth + 1) roof.classList.add(name);
  }
  base.classList.remove("long");
  const long = [...base.querySelectorAll("span")].some((word) =>
    word.getBoundingClientRect().width > word.parentElement.clientWidth - 8);
  base.classList.toggle("long", long);
}

/** The page is drawn for 1080 or 1920 pixels and grows or shrinks with any other screen. */
export function scale() {
  const [width, height] = innerWidth > innerHeight ? [1920, 1080] : [1080, 1920];
  const factor = Math.min(innerWidth / width, innerHeight / height);
  const root = document.documentElement;
  if (Math.abs(factor - 1) < 0.02) root.style.removeProperty("zoom");
  else root.style.setProperty("zoom", String(factor));
}
