// What a schema of the contract says, as an indented list of fields.
import { make, prose } from "./rows.js";

const json = (value) => JSON.stringify(value);
const many = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;
const LIMITS = {
  format: (value) => value,
  const: (value) => `always ${json(value)}`,
  enum: (values) => `one of ${values.map(json).join(", ")}`,
  minimum: (value) => `at least ${value}`,
  exclusiveMinimum: (value) => `more than ${value}`,
  maximum: (value) => `at most ${value}`,
  exclusiveMaximum: (value) => `less than ${value}`,
  multipleOf: (value) => `a multiple of ${value}`,
  minLength: (value) => `at least ${many(value, "character")}`,
  maxLength: (value) => `at most ${many(value, "character")}`,
  pattern: (value) => `matches ${value}`,
  minItems: (value) => `at least ${many(value, "item")}`,
  maxItems: (value) => `at most ${many(value, "item")}`,
  minProperties: (value) => `at least ${many(value, "field")}`,
  default: (value) => `default ${json(value)}`,
};

/** A part of the contract, with what it refers to and what it is put together of in its place. */
export function resolve(contract, part) {
  const { $ref, allOf = [], ...own } = Object(part);
  const parts = allOf.map((each) => resolve(contract, each));
  if ($ref !== undefined) {
    const keys = $ref.slice(2).split("/").map((key) => decodeURIComponent(key).replaceAll("~1", "/").replaceAll("~0", "~"));
    parts.unshift(resolve(contract, keys.reduce((at, key) => at[key], contract)));
  }
  if (parts.length === 0) return own;
  const all = [...parts, own];
  const whole = Object.assign({}, ...all);
  if (whole.properties) whole.properties = Object.assign({}, ...all.map((each) => each.properties));
  if (whole.required instanceof Array) whole.required = all.flatMap((each) => each.required ?? []);
  return whole;
}

/** An element that is unfolded by a click, and is drawn when it first is. */
export function folded(summary, draw, attributes = {}) {
  const made = make("details", undefined, attributes);
  const head = make("summary");
  head.append(...summary);
  made.append(head);
  made.addEventListener("toggle", () => made.append(...draw()), { once: true });
  return made;
}

/** A list with an item for each field or parameter. */
export function list(items) {
  const made = make("ul", undefined, { class: "fields" });
  made.append(...items);
  return made;
}

/** An item of such a list: name, type, remarks such as "required", limits, description, and the fields inside. */
export function field(contract, name, schema, { remarks = [], description, above = [] } = {}) {
  const found = resolve(contract, schema);
  const made = make("li");
  made.append(make("code", name), " ", make("span", kind(contract, schema), { class: "kind" }));
  for (const remark of remarks) made.append(" ", make("span", remark, { class: "remark" }));
  const limits = limitsOf(found);
  if (limits) made.append(make("span", limits, { class: "limits" }));
  const text = description ?? found.description;
  if (text) made.append(prose(text));
  made.append(...outline(contract, schema, above));
  return made;
}

/** What is inside a schema: nothing for a plain one. `above` are the names of the schemas that it is inside of. */
export function outline(contract, schema, above = []) {
  const name = nameOf(schema);
  if (above.includes(name)) return [make("p", `The fields of ${name} again.`, { class: "hint" })];
  const inside = name ? [...above, name] : above;
  const { properties = {}, required = [], oneOf, anyOf, items, additionalProperties } = resolve(contract, schema);
  const fields = Object.entries(properties).map(([key, value]) =>
    field(contract, key, value, { remarks: required.includes(key) ? ["required"] : [], above: inside }),
  );
  return [
    ...(fields.length ? [list(fields)] : []),
    ...[items, additionalProperties].flatMap((each) => (each instanceof Object ? outline(contract, each, inside) : [])),
    ...(oneOf ?? anyOf ?? []).flatMap((each) => variant(contract, each, inside)),
  ];
}

function variant(contract, schema, above) {
  const name = nameOf(schema);
  if (!name) return outline(contract, schema, above);
  const { description } = resolve(contract, schema);
  const draw = () => [...(description ? [prose(description)] : []), ...outline(contract, schema, above)];
  return [folded([make("code", name)], draw, { class: "variant" })];
}

/** The type of a schema; a schema with a name and something inside is called by its name. */
export function kind(contract, schema) {
  const { type = [], oneOf, anyOf, properties, items, additionalProperties } = resolve(contract, schema);
  const types = [type].flat();
  const isPlain = types.length > 0 && !types.includes("object") && !types.includes("array");
  if (nameOf(schema) && !isPlain) return nameOf(schema);
  const of = (word, inner) => (inner instanceof Object ? `${word} of ${kind(contract, inner)}` : word);
  const inner = { array: items, object: additionalProperties };
  const words = types.map((each) => of(each, inner[each]));
  if (words.length === 0) words.push(...(oneOf ?? anyOf ?? []).map((each) => kind(contract, each)));
  return words.join(" or ") || (properties ? "object" : "any type");
}

function limitsOf(schema) {
  return Object.keys(LIMITS).filter((key) => key in schema).map((key) => LIMITS[key](schema[key])).join(", ");
}

function nameOf(schema) {
  return schema?.$ref?.split("/").at(-1);
}
