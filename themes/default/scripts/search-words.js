/* The words of a query: what was typed, and everything that it may mean in the plan's text. In: the words that came with the index. Out:
   terms, each with its forms as regular expressions, and places such as a clause's number. No text is read here. */

/**
 * @typedef {{ synonyms: [string[], string[]][], ignored: string[], particles: string, pairs: string, parts: [number, number, number, number][],
 *   annex: string, chapter: [string, string, string], numerals: string[] }} Words
 * @typedef {{ text: string, regex: RegExp }} Form
 * @typedef {{ typed: string, forms: Form[], any: RegExp, weight: number }} Term
 * @typedef {{ annex: boolean, numbers: number[], sure: boolean, around: string }} Place
 */

/** @param {Words} words */
// eslint-disable-next-line no-unused-vars
function planpressWords(words) {
  /** What a phrase goes on over. */
  const gap = `[\\s\\u200b-\\u200d\\u2060${words.particles}－-]*`;

  const word = /[\p{L}\p{N}]/u;
  /**
   * What all of a list come to, at the same time.
   * @template T, V @param {T[]} list @param {(item: T, at: number) => V | Promise<V>} work @returns {Promise<V[]>}
   */
  const all = (list, work) => Promise.all(list.map(work));

  /** What a typed character may stand for in the text. @type {Map<string, string[]>} */
  const variants = new Map();
  let code = 0;
  const half = words.pairs.length / 2;
  for (let at = 0; at < half; at += 1) {
    const typed = String.fromCharCode(code += words.pairs.charCodeAt(at) - 93);
    variants.set(typed, [...variants.get(typed) || [], words.pairs[half + at]]);
  }
  /** @param {string} unit */
  const waysOf = (unit) => variants.get(unit) || [unit];

  /** A query half-width and in lower case. @param {string} text */
  const plain = (text) => text
    .replace(/[\uff01-\uff5e]/g, (c) => c.normalize("NFKC")).toLowerCase();
  /** The same with one character for all that mean the same: what has several variants in the text is compared as the first of them. @param {string} text */
  const alike = (text) => plain(text).replace(/[^\0-\x7f]/g, (c) => waysOf(c)[0]);

  /** Which words of the text a word stands for. @type {Map<string, string[]>} */
  const synonyms = new Map();
  for (const [used, asked] of words.synonyms) {
    for (const typed of used.concat(asked)) synonyms.set(typed, [...synonyms.get(typed) || [], ...used.filter((other) => other !== typed)]);
  }

  // ---- Numerals and places ----

  /** What a sign stands for: its digit, or 10, 11, 12 for ten, a hundred, a thousand. @type {Map<string, number>} */
  const signs = new Map();
  const [ordinary, formal] = words.numerals.map((pairs) => pairs.replace(/(.)(.)/g, (_, sign, value) => {
    signs.set(sign, parseInt(value, 16));
    return sign;
  }));

  /** The numbers behind a run of signs: a digit behind a digit begins another one. @param {string} run */
  function valuesOf(run) {
    const values = [];
    let sum = 0;
    let digit = 0;
    for (const sign of run) {
      const value = signs.get(sign) ?? -1;
      if (value > 9) {
        sum += (digit || 1) * 10 ** (value - 9);
        digit = 0;
      } else {
        if (digit) {
          values.push(sum + digit);
          sum = 0;
        }
        digit = value;
      }
    }
    return [...values, sum + digit];
  }

  /** A number below 100 in ordinary numerals. @param {number} value */
  function inWords(value) {
    const tens = value / 10 | 0;
    return (tens > 1 ? ordinary[tens] : "") + (tens ? ordinary[10] : "") + (value % 10 || !tens ? ordinary[value % 10] : "");
  }

  /** The same text with other numerals, if it has any. @param {string} text */
  function otherNumerals(text) {
    const han = (/** @type {(value: number) => string} */ write) =>
      text.replace(RegExp(`[${ordinary}]+`, "g"), (run) => valuesOf(run).length > 1 ? run : write(valuesOf(run)[0]));
    return [text.replace(/(?<![\d.])\d{1,2}(?!\d|\.\d)/g, (digits) => inWords(+digits)), han(String), han(inWords)];
  }

  /** A place among other words, behind the plan's title or before a clause's: what it begins with, and what goes on with it. */
  const placed = RegExp(`(?:${words.annex}|[${formal}]|${words.chapter[0]})[${formal}${ordinary}\\d.()${words.chapter[2]}-]+`, "g");

  /** A text with a full stop for whatever parts its words, and for what people say between numbers: 六之二. A numeral may be one character
     with its brackets: ㈡. @param {string} text */
  const parted = (text) => alike(text.normalize("NFKC").replace(RegExp(`[\\s。,;:、${words.particles}]+`, "g"), "."));

  /** The place that a query names, alone or among other words. @param {string} text @returns {Place | undefined} */
  function placeOf(text) {
    const whole = parted(text);
    for (const named of [whole, ...whole.match(placed) || []]) {
      const annex = named.startsWith(words.annex);
      let rest = annex ? named.slice(words.annex.length) : named;
      const sure = annex || formal.includes(rest[0]) || rest.includes(words.chapter[1] || " ");
      if (sure) rest = rest.replace(RegExp(`[${words.chapter[2]}]`, "g"), ".");
      const numbers = (rest.match(RegExp(`[${formal}]+|[${ordinary}]+|\\d+|[a-z]+|[^.()-]`, "g")) || [])
        // The first letter is 1, the second 2; several are a word.
        .flatMap((part) => +part || !part[1] && parseInt(part, 36) - 9 || valuesOf(part));
      if (Math.min(...numbers) > 0 && (sure || numbers[1] && /[.(-]/.test(rest))) return { annex, numbers, sure, around: whole.replace(named, "").replace(/\./g, "") };
    }
  }

  // ---- Terms ----

  /** @param {string} text */
  const unitsOf = (text) => text.match(/[a-z]+|\d+(?:\.\d+)*|[^\s-]/gu) || [];
  const escaped = (/** @type {string} */ text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

  /** One unit as a regular expression; letters at the end may be the beginning of a word. @param {string} unit @param {boolean} last */
  function regexOf(unit, last) {
    if (/^[a-z]/.test(unit)) return `(?<![a-z])${unit}${last && unit.length > 2 ? "" : "(?![a-z])"}`;
    if (/^\d/.test(unit)) return `(?<!\\d|\\d\\.)${escaped(unit)}(?!\\d|\\.\\d)`;
    return `(?:${waysOf(unit).map(escaped).join("|")})`;
  }

  /** Behind each unit the text may have a sign that chooses a variant of it, as names have. @param {string} text */
  function patternOf(text) {
    const units = unitsOf(text);
    return units.map((unit, at) => regexOf(unit, at === units.length - 1)).join(`\\p{VS}*${gap}`);
  }

  /** Whether a text holds a word that is no part of a longer word in letters. @param {string} text @param {string} word */
  const holds = (text, word) => text.includes(word) && RegExp(patternOf(word), "u").test(text);

  /** The first of them, each once: what more there is would be multiplied by every synonym. @param {string[]} forms */
  const few = (forms) => [...new Set(forms)].slice(0, 8);

  /** The ways to write what was typed: at most eight, itself first. @param {string} typed */
  function formsOf(typed) {
    let forms = [typed];
    for (const [word, stands] of [...synonyms].filter(([word]) => holds(typed, word)).sort(([a], [b]) => b.length - a.length)) {
      // A word that stands in a longer one of its group is no word of its own there.
      forms = few(forms.concat(forms.filter((form) => holds(form, word)).flatMap((form) =>
        stands.filter((other) => !(other.includes(word) && form.includes(other))).map((other) => form.replace(word, other)))));
    }
    return few(forms.concat(forms.flatMap(otherNumerals)));
  }

  /**
   * The same function, which works out nothing twice.
   * @template K, V @param {(key: K) => V} work @returns {(key: K) => V}
   */
  function once(work) {
    const known = new Map();
    return (key) => {
      if (!known.has(key)) known.set(key, work(key));
      return known.get(key);
    };
  }

  const termOf = once((/** @type {string} */ typed) => {
    const forms = formsOf(typed).map((text) => ({ text, regex: RegExp(patternOf(text), "giu") }));
    const any = RegExp(forms.map((form) => form.regex.source).join("|"), "iu");
    return { typed, forms, any, weight: Math.sqrt(unitsOf(typed).length) };
  });

  return { plain, alike, word, all, gap, waysOf, synonyms, parted, placeOf, unitsOf, regexOf, termOf, once };
}
