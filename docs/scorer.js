// How the search ranks: a page whose title has a word of the question comes before one with a heading that has it.
var Scorer = {
  score: ([page, title, anchor, description, score, file, kind]) => score + (kind === "title" ? 20 : 0),
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};
