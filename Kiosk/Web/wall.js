// SPDX-License-Identifier: Apache-2.0
// The wall: what is read, what lies between, what is touched.

import { make, text } from "./dom.js";
import { countdown } from "./countdown.js";
import { draft } from "./draft.js";
import { zone } from "./parts.js";
import { changeButton } from "./sheet.js";
import { drawing, icon } from "./svg.js";

/** The wall's class names, its three zones and its title. */
export function drawWall(scene, view) {
  const read = zone(scene.read, view);
  const body = zone(scene.body, view);
  const act = zone(scene.act, view);
  liftEntry(read, body, act);
  const change = changeButton(scene, view);
  const roomy = body.length === 0 && !act.some((part) => part.kind === "say");
  const time = scene.countdown && countdown(scene.countdown, !roomy);
  const title = make("h1", { id: "title", tabindex: "-1" }, ...clauses(scene.title));
  const head = make("div", { class: time && !roomy ? "head timed" : "head" },
    title, text("p", scene.lead, { class: "lead" }), roomy ? null : time);
  const idle = scene.layout === "idle";
  const alone = roomy && (time || waiting(scene, view));
  if (alone) body.push({ kind: "alone", element: alone });
  arrangeAct(act, scene, change);
  const steps = scene.steps.length > 0 ? drawSteps(scene.steps, view) : null;
  return {
    title,
    classes: classes(scene, body, act, change),
    zones: [
      section("read", where(scene), steps, idle ? null : head, ...elements(read)),
      section(body.some(stands) ? "body mid" : "body", ...elements(body)),
      section("act", idle ? head : null, ...elements(act)),
    ],
  };
}

/** What is typed stands with the question, wherever the scene put it. */
function liftEntry(read, ...others) {
  for (const zone of others) {
    const place = zone.findIndex((part) => part.kind === "field");
    if (place >= 0) read.push(...zone.splice(place, 1));
  }
}

const elements = (made) => made.map((part) => part.element);

function section(name, ...children) {
  return make("section", { class: `zone ${name}` }, make("div", { class: "roll" }, ...children));
}

/** A Chinese title breaks between its clauses, not within them. */
function clauses(title) {
  const pieces = title.split(/(?<=[，；。])(?!$)/);
  return pieces.length < 2 ? [title] : pieces.map((piece) => make("span", { class: "clause" }, piece));
}

const pressed = new Set(["options", "results", "tiles", "buttons"]);
const tall = new Set(["plate", "rows", "facts", "ladder", "alone"]);

function classes(scene, body, act, change) {
  const controls = body.some((part) => pressed.has(part.kind));
  const beside = act.length === 0 || body.some((part) => tall.has(part.kind));
  return [
    "wall", `at-${scene.name}`,
    (scene.layout === "parts" || (scene.layout === "wall" && beside && !controls)) && "parts",
    scene.layout === "idle" && "idle",
    controls && "controls",
    draft.typing && "keyed",
    change && body.some((part) => part.kind === "rows") && "editable",
  ].filter(Boolean).join(" ");
}

/** What stands in the middle of the wall instead of hanging from the question. */
const stands = (part) =>
  part.kind === "options" || part.kind === "alone" || part.element.matches(".rows.one");

/** While something is saved, the lamp's light moves on the water. */
function waiting(scene, view) {
  return scene.name === "filing" ? drawing("gate", "", view.words, "waiting") : null;
}

function where(scene) {
  if (!scene.here && !scene.there) return null;
  return make("p", { class: "where" }, make("b", {}, scene.here ?? ""), text("span", scene.there));
}

function drawSteps(list, view) {
  return make("ol", { class: "steps" }, ...list.map((step, index) => {
    const done = step.state === "done";
    return make("li", { class: step.state, "aria-current": step.state === "here" ? "step" : null },
      make("span", { class: "n" }, done ? icon("check") : String(index + 1)),
      make("span", {}, step.text),
      done ? make("span", { class: "vh" }, view.words.done) : null);
  }));
}

/** Puts 接下来, the keys and the change button in their places among the parts. */
function arrangeAct(act, scene, change) {
  const strip = scene.next && {
    kind: "next",
    element: make("p", { class: "next" }, icon("next"), make("span", {}, scene.next)),
  };
  if (draft.typing) {
    const above = act.findLastIndex((part) => part.kind !== "buttons") + 1;
    const place = draft.typing.wide ? act.length : above;
    act.splice(place, 0, ...[strip, { kind: "keys", element: draft.typing.keys }].filter(Boolean));
  } else if (strip) act.splice(placeOfNext(act), 0, strip);
  if (!change) return;
  const main = act.map((part) => part.element.querySelector(".btn.main")).findLast(Boolean);
  if (main) main.before(change);
  else act.push({ kind: "change", element: change });
}

/** Right above the main action; after tiles; else above the first buttons and their heading. */
function placeOfNext(act) {
  const leads = ({ element }) => element.matches(".rate") || element.querySelector(".btn.main");
  const main = act.findIndex(leads);
  if (main >= 0) return main;
  const tiles = act.findLastIndex((part) => part.kind === "tiles");
  if (tiles >= 0) return tiles + 1;
  const group = act.findIndex((part) => part.kind === "buttons");
  if (group < 0) return act.length;
  return act[group - 1]?.kind === "heading" ? group - 1 : group;
}
