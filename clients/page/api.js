/** The page's client for the HTTP API. */

/**
 * A failed call, with the response's status, or 0 if there was no response. `message` says what is wrong; `advice` is a
 * list of texts on what to do about it.
 */
export class Problem extends Error {
  constructor(status, { detail, title, advice } = {}) {
    super(detail ?? title ?? `The server answered ${status}.`);
    this.status = status;
    this.advice = (advice ?? []).map((one) => one.text);
  }
}

/** Sends a request and returns the body of the response, or undefined if it has none. Throws `Problem`. */
export async function call(method, path, body) {
  const { status, ok, text } = await send(method, path, body);
  let answer;
  try {
    answer = text === '' ? undefined : JSON.parse(text);
  } catch {
    throw new Problem(status);
  }
  if (!ok) throw new Problem(status, answer);
  return answer;
}

async function send(method, path, body) {
  const json =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
  try {
    const response = await fetch(`/api/v1${path}`, { method, ...json });
    return { status: response.status, ok: response.ok, text: await response.text() };
  } catch {
    throw new Problem(0, { detail: 'The server cannot be reached. Try again in a moment.' });
  }
}
