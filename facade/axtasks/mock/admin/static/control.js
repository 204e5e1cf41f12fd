// Requests to the mock's own operations.
const ROOT = "/__mock";

/** What the mock did not want to do, in its words. */
export class Refusal extends Error {}

/** The JSON that an operation answers, or null for an answer without a body. */
export async function call(method, path, body) {
  const request = { method, headers: { Accept: "application/json" }, cache: "no-store" };
  if (body !== undefined) {
    request.headers["Content-Type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  const answer = await fetch(ROOT + path, request);
  if (answer.status === 204) return null;
  const value = await answer.json();
  if (!answer.ok) throw new Refusal(value.detail ?? `status ${answer.status}`);
  return value;
}
