// What a reader can see of a page, asked by tests/test_page_browser.py inside the browser.
var shown = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest(".unseen, .skip:not(:focus)");
var named = (element) => element.innerText.trim().replace(/\s+/g, " ");
var reachable = () => [...document.querySelectorAll("a[href], summary")].filter((each) => each.checkVisibility()).map(named);
var ringed = (element) => {
  const style = getComputedStyle(element);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
};
var tooWide = (width) =>
  [...document.body.querySelectorAll("*")]
    .filter(shown)
    .filter((each) => each.getBoundingClientRect().right > width + 0.5 || each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX === "auto")
    .map((each) => `${each.tagName} ${each.textContent.trim().slice(0, 30)}`);

// Contrast as WCAG 2 counts it.
var rgb = (colour) => colour.match(/[\d.]+/g).map(Number);
var light = (colour) => {
  const [r, g, b] = rgb(colour).map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
var contrast = (one, other) => {
  const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
};
var ground = (element) => {
  for (let each = element; each; each = each.parentElement) {
    const colour = getComputedStyle(each).backgroundColor;
    if (rgb(colour)[3] !== 0) return colour;
  }
  return "rgb(255, 255, 255)";
};
var words = () =>
  [...document.querySelectorAll("body *")].filter(
    (each) => shown(each) && each.tagName !== "title" && [...each.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim()),
  );
var ink = (element) => getComputedStyle(element)[element instanceof SVGElement ? "fill" : "color"];
var faint = (least) =>
  words()
    .filter((each) => contrast(ink(each), ground(each)) < least)
    .map((each) => `${each.textContent.trim().slice(0, 30)} ${ink(each)} on ${ground(each)}`);
var faintBars = (least) =>
  [...document.querySelectorAll(".bar, .key")]
    .map((each) => [each instanceof SVGElement ? ink(each) : getComputedStyle(each).backgroundColor, ground(each.parentElement)])
    .filter(([bar, behind]) => contrast(bar, behind) < least)
    .map((pair) => pair.join(" on "));
