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
  {
    kind: "J", name: "陈嘉慧", sex: "2", birth: "19940823",
    address: "江苏省苏州市平澜街道塘西路12号", idNumber: "810000199408230021",
    issuer: "苏州市公安局", validFrom: "20240901", validTo: "20290831", passNumber: "H12345678",
    issueCount: "01",
  },
  {
    kind: "Y", name: "史安妮", nameEnglish: "SPECIMEN, ANN", sex: "2", nationality: "CAN",
    birth: "19810803", idNumber: "911124198108030024", validFrom: "20240115", validTo: "20340114",
    issueCount: "01",
  },
];

/** Words beside a name on its button, in the same order. */
export const notes = [
  ["老年人", "elderly"],
  ["生僻字", "rare signs"],
  ["成年人", "adult"],
  ["港澳台居民", "residence permit"],
  ["外国人", "foreigner"],
];
