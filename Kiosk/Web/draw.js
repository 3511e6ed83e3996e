// SPDX-License-Identifier: Apache-2.0
// A scene as elements: roof, wall, base.

import { make, press, text } from "./dom.js";
import { drawing, icon, ring } from "./svg.js";
import { draft } from "./draft.js";
import { tag, zone } from "./parts.js";

export function drawRoof(roof) {
  const day = text("span", roof.date, { class: "day" });
  return [
    make("p", { class: "site" }, make("span", {}, roof.service), make("b", { lang: "zh-CN" }, roof.site)),
    make("p", { class: "now" }, tag(roof.tag),
      make("span", { class: "when" }, day, make("b", {}, roof.clock))),
  ];
}

export function drawBase(controls, view) {
  return controls.map((control) => {
    const other = control.choice === "language" ? (view.scene.look.language === "zh" ? "en" : "zh-CN") : null;
    const state = { on: "on", resting: "rest", normal: "" }[control.state];
    const button = press({
      class: `${control.choice === "help" ? "call" : ""} ${state}`.trim() || null,
      "data-choice": control.choice, lang: other,
      "aria-pressed": control.choice === "size" || control.choice === "contrast" ? String(control.state === "on") : null,
    }, icon(control.icon), make("span", {}, control.text));
    button.addEventListener("click", () => view.choose(control.choice, button));
    return button;
  });
}

function steps(list, view) {
  return make("ol", { class: "steps" }, ...list.map((step, index) =>
    make("li", { class: step.state, "aria-current": step.state === "here" ? "step" : null },
      make("span", { class: "n" }, step.state === "done" ? icon("check") : String(index + 1)),
      make("span", {}, step.text),
      step.state === "done" ? make("span", { class: "vh" }, view.words.done) : null)));
}

/** The ring and the number; counts down by itself until it is taken off the page. */
function countdown(time, inHead) {
  const { picture, show } = ring();
  const number = make("b", {}, String(time.seconds));
  const element = make("div", { class: inHead ? "ring in-head" : "ring", role: "timer", "aria-label": `${time.seconds} ${time.unit}` },
    picture, make("span", { class: "in" }, number, make("span", { class: "unit" }, time.unit)));
  const started = performance.now();
  const tick = () => {
    if (!element.isConnected) { clearInterval(timer); return; }
    const left = Math.max(0, time.seconds - Math.floor((performance.now() - started) / 1000));
    number.textContent = String(left);
    show(Math.max(0, left - 1) / Math.max(1, time.seconds));
    if (left === 0) clearInterval(timer);
  };
  const timer = setInterval(tick, 1000);
  show(1);
  requestAnimationFrame(tick);
  return element;
}

/** 接下来 stands right above the main action. */
function placeNext(strip, made) {
  if (!strip) return;
  const holds = (part, selector) => part.element.matches(selector) || part.element.querySelector(selector);
  const main = made.findIndex((part) => holds(part, ".btn.main, .rate"));
  const tiles = made.findLastIndex((part) => part.kind === "tiles");
  const group = made.findIndex((part) => part.kind === "buttons");
  let place = main >= 0 ? main : tiles >= 0 ? tiles + 1 : group >= 0 ? group : made.length;
  if (made[place - 1]?.kind === "heading") place -= 1;
  made.splice(place, 0, { kind: "next", element: strip });
}

/** Elder mode changes a row from below: one button that opens the list of them. */
function changeButton(scene, view) {
  const rows = [...scene.read, ...scene.body, ...scene.act].flatMap((part) => part.rows ?? []).filter((row) => row.choice);
  if (rows.length === 0) return null;
  const button = press({ class: "btn change", "data-open": "rows" }, icon("edit"), make("span", {}, rows[0].label ?? ""));
  button.addEventListener("click", () => openSheet(rows, view));
  return button;
}

function openSheet(rows, view) {
  document.querySelector(".sheet")?.remove();
  const sheet = make("section", { class: "sheet", role: "dialog", "aria-modal": "true", "aria-label": rows[0].label });
  const choices = rows.map((row) => {
    const button = press({ class: "rowbtn", "data-choice": row.choice }, make("b", {}, row.term),
      make("span", { class: "why" }, row.value), icon("edit", "end"));
    button.addEventListener("click", () => view.choose(row.choice, button));
    return button;
  });
  const close = press({ class: "btn" }, icon("down"), make("span", {}, view.words.close));
  close.addEventListener("click", () => sheet.remove());
  sheet.append(make("h2", {}, rows[0].label ?? ""), make("div", { class: choices.length > 4 ? "results many" : "results" }, ...choices), close);
  document.body.append(sheet);
  choices[0].focus({ preventScroll: true });
}

function section(name, ...children) {
  const roll = make("div", { class: "roll" }, ...children);
  return make("section", { class: `zone ${name}` }, roll);
}

/** The wall's class names and its three zones. */
export function drawWall(scene, view) {
  const idle = scene.layout === "idle";
  const read = zone(scene.read, view);
  const body = zone(scene.body, view);
  const act = zone(scene.act, view);
  const title = make("h1", { id: "title", tabindex: "-1" }, scene.title);
  const lead = text("p", scene.lead, { class: "lead" });
  const crowded = body.length > 0 || act.some((part) => part.kind === "say");
  const time = scene.countdown && countdown(scene.countdown, crowded);
  const head = make("div", { class: time && crowded ? "head timed" : "head" }, title, lead, crowded ? time : null);
  const where = (scene.here || scene.there) && make("p", { class: "where" },
    make("b", {}, scene.here ?? ""), text("span", scene.there));
  const strip = scene.next && make("p", { class: "next" }, icon("next"), make("span", {}, scene.next));
  const keys = draft.typing && { kind: "keys", element: draft.typing.keys };
  if (keys) {
    const strips = strip ? [{ kind: "next", element: strip }] : [];
    const above = act.findLastIndex((part) => part.kind !== "buttons") + 1;
    act.splice(draft.typing.wide ? act.length : above, 0, ...strips, keys);
  } else placeNext(strip, act);
  const change = changeButton(scene, view);
  if (change) {
    const group = act.findLast((part) => part.element.querySelector(".btn.main"))?.element;
    if (group) group.querySelector(".btn.main").before(change);
    else act.push({ kind: "change", element: change });
  }
  const elements = (made) => made.map((part) => part.element);
  const bodyElements = elements(body);
  if (time && !crowded) bodyElements.push(time);
  const waits = scene.name === "filing" && bodyElements.length === 0;
  if (waits) {
    bodyElements.push(drawing("gate", "", view.words, "waiting"));
  }
  const controls = body.some((part) => ["options", "results", "tiles", "buttons"].includes(part.kind));
  const classes = [
    "wall", scene.layout === "parts" || waits ? "parts" : idle ? "idle" : "", `at-${scene.name}`,
    controls ? "controls" : "", keys ? "keyed" : "", body.some((part) => part.kind === "rows") && change ? "editable" : "",
  ];
  const middle = body.some((part) => part.kind === "options") || bodyElements.length > body.length
    || body.some((part) => part.element.matches(".rows.one"));
  return {
    classes: classes.filter(Boolean).join(" "),
    zones: [
      section("read", where, scene.steps.length > 0 ? steps(scene.steps, view) : null, idle ? null : head, ...elements(read)),
      section(middle ? "body mid" : "body", ...bodyElements),
      section("act", idle ? head : null, ...elements(act)),
    ],
    title,
  };
}
