/** Calls the HTTP API from a page. */

/** A refusal: its problem document says what is wrong and what to do. */
export class Problem extends Error {
  constructor(status, problem) {
    super(problem?.detail ?? problem?.title ?? `The server answered ${status}.`);
    this.status = status;
    this.problem = problem;
  }
}

/** The answer's body; undefined where it has none. Throws `Problem` for a refusal. */
export async function call(method, path, body) {
  const response = await fetch(`/api/v1${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
  });
  const text = await response.text();
  const answer = text === '' ? undefined : JSON.parse(text);
  if (!response.ok) throw new Problem(response.status, answer);
  return answer;
}
