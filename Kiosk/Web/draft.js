// SPDX-License-Identifier: Apache-2.0
// What is being typed or chosen in the scene on the screen. It lives here and nowhere else,
// and is gone with the scene.

export const draft = {
  typing: null,
  options: null,
  /** Called after each change of what is typed or chosen; the page sets it. */
  changed: () => {},
};

export function clearDraft() {
  draft.typing = null;
  draft.options = null;
}

/** The choice to send: the scene it answers, and what stands in its field or options. */
export function choiceFor(scene, name) {
  const choice = { scene: scene.id, choice: name };
  if (draft.typing) choice.value = draft.typing.value();
  else if (draft.options) choice.values = [...draft.options];
  return choice;
}
