"""Checks for every view of the page: legible text, and focus by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"}
DARK = {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"}
DISPLAYS: list[tuple[dict[str, Any], str]] = [({}, "light"), (DARK, "dark"), (PHONE, "phone")]
LEAST_CONTRAST = 4.5

# Contrast of every text with its background, by the formula of WCAG 2; disabled controls are exempt.
FAINT_TEXTS = """least => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = color => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const ground = node => {
    for (let at = node; at; at = at.parentElement) {
      const color = rgba(getComputedStyle(at).backgroundColor);
      if (color[3] === 255) return color;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const node of document.querySelectorAll("body *")) {
    const isText = [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim());
    if (!isText || !node.checkVisibility() || node.disabled) continue;
    const [a, b] = [light(rgba(getComputedStyle(node).color)), light(ground(node))];
    const contrast = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (contrast < least) found.push(`${node.tagName} ${node.textContent.trim().slice(0, 40)}: ${contrast.toFixed(2)}`);
  }
  return found;
}"""


def assert_legible(page: Page) -> None:
    """Fail unless the page fits the window, and text has enough contrast."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(FAINT_TEXTS, LEAST_CONTRAST) == []


def focused_by_tab(page: Page, presses: int) -> list[tuple[str, str]]:
    """Press the tab key, and return the kind, name and outline style of each focused element."""
    reached: list[tuple[str, str]] = []
    for _ in range(presses):
        page.keyboard.press("Tab")
        what, outline = page.evaluate("""() => {
          const at = document.activeElement;
          const name = at.getAttribute("aria-label") || at.getAttribute("aria-labelledby")
            || [...(at.labels ?? [])].map(label => label.textContent).join() || at.textContent;
          return [`${at.tagName} ${name.trim()}`, getComputedStyle(at).outlineStyle];
        }""")
        reached.append((what, outline))
    return reached
