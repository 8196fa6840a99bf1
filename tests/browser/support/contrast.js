// The contrast of every visible text with what lies behind it, computed in the page from the styles in force.

/** Runs in the page: text and marks whose contrast is too low, one line each. */
export function lowContrast() {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  canvas.canvas.width = canvas.canvas.height = 1;
  const known = new Map();
  // Every notation of CSS, as red, green, blue (0–255) and alpha (0–1).
  const rgba = (color) => {
    if (!known.has(color)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
      known.set(color, [red, green, blue, alpha / 255]);
    }
    return known.get(color);
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const luminance = ([r, g, b]) => {
    const [red, green, blue] = [r, g, b].map((part) => (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ratio = (one, other) => {
    const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const canvasColor = rgba(getComputedStyle(document.body).backgroundColor);
  const behind = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const layer = rgba(getComputedStyle(at).backgroundColor);
      if (layer[3] > 0) layers.push(layer);
      if (layer[3] === 1) break;
    }
    return layers.reverse().reduce((under, layer) => over(layer, under), canvasColor[3] ? over(canvasColor, [255, 255, 255]) : [255, 255, 255, 1]);
  };
  const opacity = (element) => {
    let product = 1;
    for (let at = element; at; at = at.parentElement) product *= Number(getComputedStyle(at).opacity);
    return product;
  };

  const found = new Map();
  let pairs = 0;
  const judge = (element, style, words, what) => {
    const background = behind(element);
    const [r, g, b, a] = rgba(style.color);
    const text = over([r, g, b, a * opacity(element)], background);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const reached = ratio(text, background);
    pairs += 1;
    if (reached < (large ? 3 : 4.5)) found.set(`${what} ${reached.toFixed(2)}:1`, words.slice(0, 20));
  };

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const words = node.textContent.trim();
    if (!words || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || element.closest(".sr-only, .suffix")) continue;
    judge(element, getComputedStyle(element), words, `${element.localName}.${element.className}`);
  }
  for (const element of document.body.querySelectorAll("*")) {
    for (const part of ["::before", "::after", "::marker"]) {
      const style = getComputedStyle(element, part);
      const words = /^"(.+)"$/.exec(style.content)?.[1] ?? (style.content.startsWith("attr(") ? style.content : "");
      // A word joiner has no shape.
      if (!words.replace(/[\s⁠]/g, "") || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
      judge(element, style, words, `${element.localName}.${element.className}${part}`);
    }
  }
  // Lines that carry meaning: boxes to be filled, edges of controls, states.
  for (const element of document.querySelectorAll(".field, .signature, .title-block, .annex td, .table-scroll, button, .search, .state, .blank, input")) {
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const style = getComputedStyle(element);
    for (const side of ["Top", "Right", "Bottom", "Left"]) {
      if (parseFloat(style[`border${side}Width`]) === 0 || style[`border${side}Style`] === "none" || style[`border${side}Style`] === "hidden") continue;
      const background = behind(element.parentElement);
      const reached = ratio(over(rgba(style[`border${side}Color`]), background), background);
      pairs += 1;
      if (reached < 3) found.set(`line of ${element.localName}.${element.className} ${reached.toFixed(2)}:1`, side);
    }
  }
  return { pairs, found: [...found].map(([what, words]) => `${what} (${words})`) };
}
