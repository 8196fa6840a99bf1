// Which nodes of an old list are which nodes of a new one. Pairs keep their order. What has the same words is the same first of all, then
// what has the same address, then what is of the same kind: so a clause stays itself when one is added above it and every number moves.

const text = (node) => {
  if (node.nodeType !== Node.ELEMENT_NODE) return node.nodeType + node.data;
  // A clause's number says where it stands, not what it is.
  let words = "";
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) words += child.data;
    else if (child.nodeType === Node.ELEMENT_NODE && !child.matches(".number, .anchor")) words += child.textContent;
  }
  return node.nodeName + words;
};
const address = (node) => (node.nodeType === Node.ELEMENT_NODE && (node.id || node.getAttribute("href") || node.getAttribute("src")) ? node.nodeName + (node.id || node.getAttribute("href") || node.getAttribute("src")) : null);
const kind = (node) => node.nodeName + (node.nodeType === Node.ELEMENT_NODE ? "." + node.className : "");

// Longest lists for which all pairs are compared; longer ones are walked once.
const most = 400_000;

/** Pairs of [old, new] in order; `null` stands for what has no other half. */
export function align(olds, news, keys = [text, address, kind]) {
  const [key, ...rest] = keys;
  if (!key || olds.length === 0 || news.length === 0) return [...olds.map((old) => [old, null]), ...news.map((fresh) => [null, fresh])];
  const before = olds.map(key);
  const after = news.map(key);
  const same = (i, j) => before[i] !== null && before[i] === after[j];
  let start = 0;
  while (start < olds.length && start < news.length && same(start, start)) start += 1;
  let endOld = olds.length;
  let endNew = news.length;
  while (endOld > start && endNew > start && same(endOld - 1, endNew - 1)) { endOld -= 1; endNew -= 1; }

  const pairs = [];
  for (let i = 0; i < start; i += 1) pairs.push([olds[i], news[i]]);
  let i = start;
  let j = start;
  const gap = (toOld, toNew) => {
    pairs.push(...align(olds.slice(i, toOld), news.slice(j, toNew), rest));
    i = toOld;
    j = toNew;
  };
  for (const [old, fresh] of common(start, endOld, start, endNew, same)) {
    gap(old, fresh);
    pairs.push([olds[i], news[j]]);
    i += 1;
    j += 1;
  }
  gap(endOld, endNew);
  for (; i < olds.length; i += 1, j += 1) pairs.push([olds[i], news[j]]);
  return pairs;
}

/** The longest common subsequence of two ranges, as pairs of indexes. */
function common(fromOld, toOld, fromNew, toNew, same) {
  const rows = toOld - fromOld;
  const columns = toNew - fromNew;
  if (rows === 0 || columns === 0 || rows * columns > most) return [];
  const lengths = new Uint32Array((rows + 1) * (columns + 1));
  const at = (row, column) => row * (columns + 1) + column;
  for (let row = rows - 1; row >= 0; row -= 1) {
    for (let column = columns - 1; column >= 0; column -= 1) {
      lengths[at(row, column)] = same(fromOld + row, fromNew + column)
        ? lengths[at(row + 1, column + 1)] + 1
        : Math.max(lengths[at(row + 1, column)], lengths[at(row, column + 1)]);
    }
  }
  const pairs = [];
  let row = 0;
  let column = 0;
  while (row < rows && column < columns) {
    if (same(fromOld + row, fromNew + column)) {
      pairs.push([fromOld + row, fromNew + column]);
      row += 1;
      column += 1;
    } else if (lengths[at(row + 1, column)] >= lengths[at(row, column + 1)]) row += 1;
    else column += 1;
  }
  return pairs;
}
