// Putting data on the page: always as text, and without touching what has not changed, so that the focus stays.

/** A new element with a text and attributes. */
export function make(name, text, attributes = {}) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** Let an element say something. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Whether two lists of nodes look the same. */
function alike(present, wanted) {
  return present.length === wanted.length && wanted.every((node, index) => node.isEqualNode(present[index]));
}

/**
 * Make a list or a table body show these items, one element each.
 * `draw` gives the nodes that the element of an item consists of; an element is known by its item's key.
 */
export function fill(parent, kind, items, key, draw) {
  const present = new Map(Array.from(parent.children, (child) => [child.dataset.key, child]));
  items.forEach((item, index) => {
    const name = String(key(item));
    const element = present.get(name) ?? make(kind, undefined, { "data-key": name });
    const wanted = draw(item);
    if (!alike(element.childNodes, wanted)) element.replaceChildren(...wanted);
    if (parent.children[index] !== element) parent.insertBefore(element, parent.children[index] ?? null);
  });
  while (parent.children.length > items.length) parent.lastElementChild.remove();
}

/** The same for the body of a table; without items there is a sentence in place of the table. */
export function fillTable(body, items, key, draw) {
  fill(body, "tr", items, key, draw);
  body.parentElement.hidden = items.length === 0;
  body.parentElement.nextElementSibling.hidden = items.length > 0;
}

/** A cell with a text, or with an element. */
export function cell(content, className) {
  const made = make("td", undefined, className ? { class: className } : {});
  made.append(content ?? "–");
  return made;
}

/** A cell whose text someone chose, in whatever direction it is written. */
export function named(text) {
  return cell(make("bdi", text), "name");
}

/** A moment, to the second. */
export function moment(text) {
  return text === null ? "–" : text.slice(0, 19).replace("T", " ");
}

/** A paragraph whose words between backticks are code. */
export function prose(text) {
  const made = make("p");
  made.append(...text.split("`").map((part, index) => (index % 2 ? make("code", part) : part)));
  return made;
}

/** The status of an answer; 0 says that there was none. */
export function badge(code) {
  const kind = code === 0 ? "none" : `${String(code)[0]}xx`;
  return make("span", code === 0 ? "nothing" : String(code), { class: "status", "data-status": kind });
}

/** A request or an answer as it is read: headers, and the body, indented if it is JSON. */
export function message(headers, body) {
  return [...headers.map(([name, value]) => `${name}: ${value}`), "", pretty(body)].join("\n").trimEnd();
}

function pretty(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
