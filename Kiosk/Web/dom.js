// SPDX-License-Identifier: Apache-2.0
// Making elements. Text goes in as text nodes only, never as markup.

/** An element with attributes (`class`, `data-…`, `aria-…`; nil and false are left out). */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== undefined && child !== null));
  return element;
}

/** A button; `attributes.class` names its kind. */
export function press(attributes, ...children) {
  return make("button", { type: "button", ...attributes }, ...children);
}

/** An element with text in it, or nothing when there is no text. */
export function text(tag, content, attributes = {}) {
  return content ? make(tag, attributes, content) : null;
}
