// SPDX-License-Identifier: Apache-2.0

// Nobody of this name lives there: the persons and their street are invented, the numbers
// are published specimens (GB 11643 and its test sets).
export const persons = [
  {
    name: "王秀兰", sex: "2", ethnicity: "01", birth: "19491231",
    address: "江苏省苏州市平澜街道桂花弄12号3幢502室", idNumber: "11010519491231002X",
    issuer: "苏州市公安局平澜分局", validFrom: "20100615", validTo: "长期",
  },
  {
    name: "𠮷㼆·艾力", sex: "1", ethnicity: "05", birth: "18800101",
    address: "江苏省苏州市平澜街道塘西路88号", idNumber: "440524188001010014",
    issuer: "苏州市公安局平澜分局", validFrom: "20200301", validTo: "20400301",
  },
  {
    name: "李楠", sex: "1", ethnicity: "01", birth: "19800101",
    address: "江苏省苏州市平澜街道望亭里6号201室", idNumber: "34052419800101001X",
    issuer: "苏州市公安局平澜分局", validFrom: "20180920", validTo: "20380920",
  },
];

/** Words beside a name on its button, in the same order. */
export const notes = [
  ["老年人", "elderly"],
  ["生僻字", "rare signs"],
  ["成年人", "adult"],
];
