// SPDX-License-Identifier: Apache-2.0

/** An element with its attributes and children; strings become text. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "i");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `/bench/icons.svg#i-${name}`);
  svg.append(use);
  return svg;
}

export const english = (text, tag = "span") => make(tag, { lang: "en" }, text);
