// SPDX-License-Identifier: Apache-2.0
// The list of filings, and one of them opened.

import { all, button, element, get, grouped, moment, pairs, word, words } from "./clerk-parts.js";

function stateCell(entry) {
  const cell = element("td");
  cell.append(element("span", words[entry.state], `tag ${entry.state}`));
  if (entry.reason) {
    cell.append(element("small", word("reason", entry.reason)));
    cell.append(element("small", entry.settledAt === null
      ? `${words.due} ${moment(entry.due)}` : `${words.settled} ${moment(entry.settledAt)}`));
  }
  if (entry.withdrawnBy) cell.append(element("small", moment(entry.withdrawnBy.at)));
  if (entry.corrections.length) cell.append(element("small", `${words.corrections} ${entry.corrections.length}`));
  return cell;
}

function matterCell(entry) {
  if (entry.kind === "application") return element("td", entry.matterName?.zh ?? entry.matter ?? "–");
  const cell = element("td");
  cell.append(element("span", word("kind", entry.kind), "tag held"));
  if (entry.first) cell.append(element("small", grouped(entry.first)));
  return cell;
}

function row(entry, open) {
  const line = element("tr");
  line.dataset.number = entry.number;
  const number = element("td", grouped(entry.number), "number");
  if (entry.caseNumber) number.append(element("small", entry.caseNumber));
  const told = element("td");
  told.append(element("span", word("told", entry.told ?? "none"), entry.flagged ? "tag flagged" : ""));
  const opening = element("td");
  opening.append(button(words.open, () => open(entry.number)));
  line.append(
    number, matterCell(entry), element("td", entry.terminal), element("td", moment(entry.filedAt), "time"),
    element("td", moment(entry.receivedAt), "time"), stateCell(entry), told, opening);
  return line;
}

/** Newest first; how many there are. */
export async function showCases(table, open) {
  const cases = (await all("/v1/cases?", "cases")).reverse();
  table.tBodies[0].replaceChildren(...cases.map((entry) => row(entry, open)));
  return cases.length;
}

function answerText(value) {
  if (typeof value === "boolean") return value ? words.yes : words.no;
  return Array.isArray(value) ? value.join("、") : value;
}

/** What is said of a filing, without what is sealed in it. */
function facts(opened) {
  const following = (one) => `${grouped(one.number)}（${moment(one.at)}）`;
  return [
    [words.case, opened.caseNumber ?? "–"],
    [words.kind, word("kind", opened.kind)],
    opened.kind === "application" && [words.matter, opened.matterName?.zh ?? opened.matter ?? "–"],
    opened.first && [words.first, grouped(opened.first)],
    [words.state, [words[opened.state], opened.reason && word("reason", opened.reason)].filter(Boolean).join(" · ")],
    opened.withdrawnBy && [words.withdrawnBy, following(opened.withdrawnBy)],
    opened.corrections.length > 0 && [words.corrections, opened.corrections.map(following).join("\n")],
    [words.told, word("told", opened.told ?? "none")], [words.terminal, opened.terminal],
    [words.filed, moment(opened.filedAt) + (opened.timeQuality ? `（${word("quality", opened.timeQuality)}）` : "")],
    [words.arrived, moment(opened.receivedAt)],
    opened.assurance && [words.assurance, word("assurance", opened.assurance)],
  ].filter(Boolean);
}

/** What her document says; facts that its kind lacks are not there. */
function person(applicant) {
  return [
    [words.document, word("document", applicant.document)], [words.name, applicant.name],
    [words.nameEnglish, applicant.nameEnglish], [words.nationality, applicant.nationality],
    [words.idNumber, applicant.idNumber], [words.passNumber, applicant.passNumber],
    [words.address, applicant.address],
  ].filter(([, text]) => text !== undefined);
}

export async function showCase(section, number) {
  const opened = await get(`/v1/cases/${number}`);
  const content = opened.content;
  const list = (name) => section.querySelector(`#${name}`);
  section.querySelector("h2").textContent = grouped(opened.number);
  pairs(list("head"), facts(opened));
  pairs(list("applicant"), content === null ? [["", words.closed]] : person(content.applicant));
  pairs(list("answers"), Object.entries(content?.answers ?? {}).map(([key, value]) => [key, answerText(value)]));
  pairs(list("materials"), (content?.materials ?? []).map(({ id, way }) => [id, word("way", way)]));
}
