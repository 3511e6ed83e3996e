// SPDX-License-Identifier: Apache-2.0
// Refused envelopes: each is owed to a person, and stays until somebody writes what was done.

import { all, button, element, grouped, moment, pairs, post, word, words } from "./clerk-parts.js";

function settling(task, settled, failed) {
  const form = element("form");
  const label = element("label", words.note);
  const note = element("textarea");
  note.required = true;
  note.maxLength = 500;
  note.rows = 2;
  label.append(note);
  const act = element("button", words.settle, "main");
  form.append(label, act);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    act.disabled = true;
    try {
      await post(`/v1/tasks/${task.row}/settlement`, { note: note.value });
      settled();
    } catch (error) {
      act.disabled = false;
      failed(error);
    }
  });
  return form;
}

function card(task, acts) {
  const made = element("li");
  made.dataset.row = task.row;
  const open = task.settledAt === null;
  const late = open && task.due < Date.now();
  const head = element("header");
  head.append(
    element("span", word("reason", task.reason), "tag refused"),
    element("span", grouped(task.number), "number"));
  const due = element("span", `${words.due} ${moment(task.due)}`, late ? "tag flagged" : "time");
  if (late) due.textContent += ` · ${words.overdue}`;
  if (open) head.append(due);
  const filing = ["application", "withdrawal", "correction"].includes(task.kind);
  if (filing) head.append(button(words.open, () => acts.open(task.number)));
  made.append(head, element("p", word("advice", task.reason)));
  made.append(pairs(element("dl", undefined, "rows"), [
    [words.kind, word("kind", task.kind)], [words.terminal, task.terminal],
    [words.arrived, moment(task.receivedAt)], [words.owner, word("owner", task.owner)],
    ...(open ? [] : [[words.settled, `${moment(task.settledAt)}\n${task.note}`]]),
  ]));
  if (open) made.append(settling(task, acts.settled, acts.failed));
  return made;
}

/** The longest owed first; how many there are. */
export async function showTasks(list, settled, acts) {
  const tasks = await all(`/v1/tasks?open=${!settled}&`, "tasks");
  tasks.sort((a, b) => (settled ? b.settledAt - a.settledAt : a.due - b.due));
  list.replaceChildren(...tasks.map((task) => card(task, acts)));
  return tasks.length;
}
