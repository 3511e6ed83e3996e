// SPDX-License-Identifier: Apache-2.0
// One thing to type: figures or words.

import { draft } from "./draft.js";
import { Figures } from "./figures.js";
import { Writing } from "./writing.js";

/**
 * `entry` shows it, `keys` are its keys (`wide` when they reach from edge to edge), `value()` is
 * what stands there, `onKey` and `paste` take a keyboard on the table, `focus` is what gets the focus.
 */
export function typing(field, view) {
  draft.typing = field.keys === "text" ? new Writing(field, view) : new Figures(field, view);
  return draft.typing;
}
