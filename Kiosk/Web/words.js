// SPDX-License-Identifier: Apache-2.0
// The few words that the page itself needs: names of its own controls, labels in drawings,
// and what it says when nobody is there to send it a scene. All else comes with the scene.

export const words = {
  zh: {
    base: "常用", keys: "键盘", done: "已完成",
    down: "往下看", up: "往上看", bottom: "已到最后",
    capitals: "大写", close: "关闭",
    screen: "您正在看的屏幕", reader: "感应区", slot: "凭条口",
    units: ["年", "月", "日"],
    typed: (count, limit) => limit > 0 ? `已输入 ${count} / ${limit} 位` : `已输入 ${count} 位`,
    letters: (count, limit) => `${count} / ${limit} 字`,
  },
  en: {
    base: "Always here", keys: "Keyboard", done: "done",
    down: "See more", up: "Go back up", bottom: "That is all",
    capitals: "Capitals", close: "Close",
    screen: "the screen you look at", reader: "card reader", slot: "slip",
    units: ["Year", "Month", "Day"],
    typed: (count, limit) => limit > 0 ? `${count} of ${limit} typed` : `${count} typed`,
    letters: (count, limit) => `${count} of ${limit} letters`,
  },
};

export const notices = {
  lost: {
    zh: ["正在恢复，请稍候", "已经提交并保存的申报，不会丢失。"],
    en: ["One moment, please", "An application that was saved is not lost."],
  },
  refused: {
    zh: ["这个窗口没有开通", "请工作人员重新打开终端画面。"],
    en: ["This window is not connected", "Please ask the staff to open the screen again."],
  },
  replaced: {
    zh: ["已在另一个窗口打开", "请使用新打开的画面。"],
    en: ["Opened in another window", "Please use the newer one."],
  },
};
