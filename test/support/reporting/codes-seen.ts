/** The codes of all problems that were answered to clients in this process. */

export const codesSeen = new Set<string>();

export function noteCode(response: Response, text: string): void {
  if (response.status < 400 || !/[/+]json\b/.test(response.headers.get('content-type') ?? '')) return;
  const { code } = JSON.parse(text);
  if (typeof code === 'string') codesSeen.add(code);
}
