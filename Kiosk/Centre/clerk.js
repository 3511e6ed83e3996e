// SPDX-License-Identifier: Apache-2.0
// The clerk's token is behind the # of the address; it is kept in this page only.

const words = document.getElementById("words").dataset;
const token = location.hash.slice(1);
const list = document.getElementById("list");
const single = document.getElementById("case");
const notice = document.getElementById("notice");

/** "told", "unknown" → the sentence under data-told-unknown. */
function word(family, name) {
  return words[family + name[0].toUpperCase() + name.slice(1)] ?? name;
}

function say(sentence) {
  notice.textContent = sentence ?? "";
  notice.hidden = !sentence;
}

function moment(milliseconds) {
  if (milliseconds === null) return "–";
  return new Date(milliseconds + 8 * 3600 * 1000).toISOString().slice(0, 16).replace("T", " ");
}

function grouped(number) {
  return [[0, 6], [6, 10], [10, 18], [18, 23], [23, 24]].map(([a, b]) => number.slice(a, b)).join("-");
}

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

async function get(path) {
  const answer = await fetch(path, { headers: { Authorization: `Bearer ${token}` }, cache: "no-store" });
  if (answer.status === 401) throw new Error(words.token);
  if (!answer.ok) throw new Error(words.unreachable);
  return answer.json();
}

async function allCases() {
  const cases = [];
  let next = null;
  do {
    const page = await get("/v1/cases?limit=500" + (next === null ? "" : `&cursor=${next}`));
    cases.push(...page.cases);
    next = page.next;
  } while (next !== null);
  return cases.reverse();
}

function stateCell(entry) {
  const cell = element("td");
  cell.append(element("span", words[entry.state], `tag ${entry.state}`));
  if (entry.reason) {
    cell.append(element("small", word("reason", entry.reason)));
    cell.append(element("small", `${words.due} ${moment(entry.due)}`));
  }
  return cell;
}

function row(entry) {
  const line = element("tr");
  line.dataset.number = entry.number;
  const number = element("td", grouped(entry.number), "number");
  if (entry.caseNumber) number.append(element("small", entry.caseNumber));
  const told = element("td");
  told.append(element("span", word("told", entry.told ?? "none"), entry.flagged ? "tag flagged" : ""));
  const open = element("td");
  const button = element("button", words.open);
  button.addEventListener("click", () => show(entry.number));
  open.append(button);
  line.append(
    number, element("td", entry.matterName?.zh ?? entry.matter ?? "–"), element("td", entry.terminal),
    element("td", moment(entry.filedAt), "time"), element("td", moment(entry.receivedAt), "time"),
    stateCell(entry), told, open);
  return line;
}

function fill(id, pairs) {
  document.getElementById(id).replaceChildren(
    ...pairs.map(([term, text]) => {
      const pair = element("div");
      pair.append(element("dt", term), element("dd", text));
      return pair;
    }));
}

function answerText(value) {
  if (typeof value === "boolean") return value ? words.yes : words.no;
  return Array.isArray(value) ? value.join("、") : value;
}

async function show(number) {
  try {
    const opened = await get(`/v1/cases/${number}`);
    const content = opened.content;
    single.querySelector("h2").textContent = grouped(opened.number);
    fill("head", [
      [words.case, opened.caseNumber ?? "–"], [words.matter, opened.matterName?.zh ?? opened.matter ?? "–"],
      [words.state, [words[opened.state], opened.reason && word("reason", opened.reason)].filter(Boolean).join(" · ")],
      [words.told, word("told", opened.told ?? "none")], [words.terminal, opened.terminal],
      [words.filed, moment(opened.filedAt) + (opened.timeQuality ? `（${word("quality", opened.timeQuality)}）` : "")],
      [words.arrived, moment(opened.receivedAt)],
    ]);
    fill("applicant", content === null ? [["", words.closed]] : [
      [words.name, content.applicant.name], [words.idNumber, content.applicant.idNumber],
      [words.address, content.applicant.address],
    ]);
    fill("answers", Object.entries(content?.answers ?? {}).map(([key, value]) => [key, answerText(value)]));
    fill("materials", (content?.materials ?? []).map(({ id, way }) => [id, word("way", way)]));
    say();
    list.hidden = true;
    single.hidden = false;
  } catch (error) {
    say(error.message);
  }
}

async function refresh() {
  single.hidden = true;
  try {
    const cases = await allCases();
    list.tBodies[0].replaceChildren(...cases.map(row));
    list.hidden = cases.length === 0;
    say(cases.length === 0 ? words.empty : undefined);
  } catch (error) {
    list.hidden = true;
    say(error instanceof TypeError ? words.unreachable : error.message);
  }
}

document.getElementById("refresh").addEventListener("click", refresh);
document.getElementById("back").addEventListener("click", refresh);
if (token) refresh();
else say(words.token);
