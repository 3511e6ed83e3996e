// SPDX-License-Identifier: Apache-2.0
// One function for each kind of part; each takes what stands under the part's key.
// `view` is the scene, the page's words for its language, and what a press does.

import { make, press, text } from "./dom.js";
import { code, drawing, hasDrawing, icon } from "./svg.js";
import { draft } from "./draft.js";
import { typing } from "./typing.js";

/** A button that sends its choice. */
function sends(view, choice, attributes, ...children) {
  const button = press({ ...attributes, "data-choice": choice }, ...children);
  button.addEventListener("click", () => view.choose(choice, button));
  return button;
}

function tag(found) {
  return found && make("span", { class: `tag ${found.tone}` }, icon(found.icon), found.text);
}

function say(part) {
  return make("div", { class: `say ${part.tone}` }, icon(part.icon),
    make("div", { class: "words" }, text("b", part.title), text("p", part.text)));
}

function notices(list) {
  return make("dl", { class: list.length === 2 ? "notice big" : "notice" }, ...list.map((line) =>
    make("div", {}, icon(line.icon), make("dt", {}, line.term), make("dd", {}, line.text))));
}

function facts(list) {
  const lines = (fact) => fact.lines.length === 1 && !fact.lines[0].icon
    ? [fact.lines[0].text]
    : [make("ul", {}, ...fact.lines.map((line) => make("li", {},
      line.icon ? icon(line.icon, line.icon === "check" ? "" : "todo") : null,
      make("span", {}, line.text))))];
  return make("dl", { class: "facts" }, ...list.map((fact) => make("div", {},
    icon(fact.icon), make("dt", {}, fact.term),
    make("dd", {}, ...lines(fact), text("small", fact.small)))));
}

function rows(list, view) {
  const plain = !list.some((row) => row.choice);
  const kind = list.length === 1 ? "rows one" : plain && list.length <= 3 ? "rows one few" : "rows";
  return make("dl", { class: kind }, ...list.map((row) => make("div", {},
    make("dt", {}, row.term), make("dd", {}, row.value, text("small", row.small)),
    row.choice && make("dd", { class: "do" },
      sends(view, row.choice, { class: "btn small", "aria-label": `${row.label ?? ""} ${row.term}` },
        icon("edit"), make("span", {}, row.label ?? ""))))));
}

function tiles(list, view) {
  const plain = list.filter((tile) => tile.style !== "main").length;
  const two = view.scene.layout === "idle" || plain > 3;
  return make("div", { class: two ? "tiles two" : "tiles" }, ...list.map((tile) => {
    const style = tile.style === "normal" ? "" : tile.style;
    const arrow = tile.style === "main" || (!two && tile.style !== "rest");
    return sends(view, tile.choice, { class: `tile ${style}`.trim() },
      icon(tile.icon, "l"),
      make("span", { class: "words" }, make("b", {}, tile.title), text("small", tile.text)),
      arrow ? icon("next", "end") : null);
  }));
}

function options(part, view) {
  draft.options = new Set(part.options.filter((option) => option.chosen).map((option) => option.value));
  const role = part.several ? "checkbox" : "radio";
  const mark = () => {
    for (const button of list.children) {
      button.setAttribute("aria-checked", String(draft.options.has(button.dataset.value)));
    }
  };
  const pick = (value) => {
    if (!view.open()) return;
    if (!part.several) draft.options = new Set([value]);
    else if (!draft.options.delete(value)) draft.options.add(value);
    mark();
    draft.changed();
  };
  const list = make("div", {
    class: `choices ${part.options.length <= 3 ? "few" : part.options.length > 5 ? "two" : ""}`.trim(),
    role: part.several ? "group" : "radiogroup", "aria-labelledby": "title",
  }, ...part.options.map((option) => {
    const button = press({ class: "choice", role, "data-value": option.value },
      make("span", { class: "mark" }, icon("check")),
      make("span", {}, option.title, text("small", option.small)));
    button.addEventListener("click", () => pick(option.value));
    return button;
  }));
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const all = [...list.children];
    const next = all[(all.indexOf(document.activeElement) + step + all.length) % all.length];
    next.focus();
    if (!part.several) pick(next.dataset.value);
    event.preventDefault();
  });
  mark();
  return list;
}

function results(list, view) {
  const brief = list.every((result) => width(result.title) <= 11 && width(result.why) <= 7);
  const many = list.length > 5 && !list.some((result) => result.tag);
  const kind = list.length > 7 && brief ? "results double" : many ? "results many" : "results";
  return make("div", { class: kind }, ...list.map((result) =>
    sends(view, result.choice, { class: "rowbtn" }, make("b", {}, result.title),
      text("span", result.why, { class: "why" }), tag(result.tag) ?? icon("go", "end"))));
}

function field(part, view) {
  return typing(part, view).entry;
}

function plate(part) {
  const groups = part.number.flatMap((group, index) => [
    make("span", {}, group, index < part.number.length - 1 ? make("i", {}, "-") : null),
    index === 1 ? make("br") : null,
  ]);
  const claim = make("div", { class: "claim" }, make("p", { class: "cap" }, part.claimCaption),
    make("p", { class: "number", translate: "no" }, part.claim));
  const picture = part.code && code(part.code, part.numberCaption);
  return make("div", { class: part.huge ? "plate huge" : "plate" },
    make("div", {}, make("p", { class: "cap" }, part.numberCaption),
      make("p", { class: "number", translate: "no" }, ...groups)),
    picture ? make("div", { class: "coded" }, claim, picture) : claim);
}

function ladder(list, view) {
  return make("ol", { class: "ladder" }, ...list.map((rung, index) =>
    make("li", { class: rung.state, "aria-current": rung.state === "here" ? "step" : null },
      make("span", { class: "n" }, rung.state === "done" ? icon("check") : String(index + 1)),
      make("span", {}, make("b", {}, rung.text), text("small", rung.small),
        rung.state === "done" ? make("span", { class: "vh" }, view.words.done) : null))));
}

/** Letters count half of a character. */
const width = (words) => [...words].reduce((sum, letter) => sum + (letter > "\u2e80" ? 1 : 0.55), 0);
const short = (button) => width(button.text) <= 8;
/** A verdict so short that two share a line. */
const aside = ({ kind, value }) =>
  kind === "say" && value.title && width(value.text) <= 12 && width(value.title) <= 10;

/** Main buttons take a line; the others share one when they are few and short. */
function buttons(list, view) {
  const others = list.filter((button) => button.style !== "main");
  const small = others.every((button) => button.style === "small");
  const rating = list.some((button) => button.choice.startsWith("rate:"));
  const share = rating ? "" : { 2: "of2", 3: small ? "of3" : "", 4: small ? "of2" : "" }[others.length] ?? "";
  const couple = list.length === 2 && others.length === 1 && list[0].style === "main" && list.every(short);
  const kind = rating ? "group rate" : couple ? "group couple" : "group";
  return make("div", { class: kind }, ...list.map((button) => {
    const style = button.style === "normal" ? "" : button.style;
    const picture = button.icon && icon(button.icon);
    const after = ["next", "go", "right"].includes(button.icon);
    return sends(view, button.choice,
      { class: `btn ${style} ${button.style === "main" ? "" : share}`.trim().replace(/ +/g, " ") },
      after ? null : picture, make("span", {}, button.text), after ? picture : null);
  }));
}

function picture(part, view) {
  const labels = view.words;
  if (part.name === "cardline") {
    return make("div", { class: "cardline" },
      drawing(part.name, part.text, labels), make("p", {}, part.beside ?? ""));
  }
  const whole = part.beside || !hasDrawing(`${part.name}-whole`) ? part.name : `${part.name}-whole`;
  const low = hasDrawing(`${part.name}-low`);
  const full = drawing(whole, part.text, labels, low ? "full" : "");
  if (!full) return null;
  if (!part.beside) {
    if (!low) return full;
    return make("div", {}, full, drawing(`${part.name}-low`, part.text, labels, "low"));
  }
  const [first, ...rest] = part.beside.split("\n");
  full.classList.add("second-rank");
  return make("div", { class: "side" }, full, make("p", { class: "lead" },
    rest.length > 0 ? make("span", { class: "first" }, `${first}\n`) : first, rest.join("\n")));
}

function heading(words) {
  return make("h2", {}, words);
}

function note(words) {
  return make("p", { class: "note" }, words);
}

const kinds = {
  say, notices, facts, rows, tiles, options, results, field, plate, ladder, buttons, heading, note,
  drawing: picture,
};

/** The elements of a zone. A notice board takes the house picture to its side. */
export function zone(list, view) {
  const made = list.map((part) => {
    const [kind, value] = Object.entries(part)[0];
    return { kind, value, element: kinds[kind]?.(value, view) };
  }).filter((part) => part.element);
  const board = made.find((part) => part.kind === "notices");
  const gate = made.find((part) => part.kind === "drawing" && part.value.name === "gate");
  if (board && gate) {
    board.element.classList.remove("big");
    board.element = make("div", { class: "idle-top" }, board.element, gate.element);
    made.splice(made.indexOf(gate), 1);
  }
  const second = made.findIndex((part, index) => index > 0 && aside(part) && aside(made[index - 1]));
  if (second > 0) {
    const [left, right] = made.slice(second - 1, second + 1);
    const pair = make("div", { class: "says" }, left.element, right.element);
    made.splice(second - 1, 2, { ...left, element: pair });
  }
  return made;
}

export { tag };
