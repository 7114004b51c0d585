/** What stands under the key of a cached value: a permit to cache what is being loaded, or the value itself. */

/** The permit of the load with this token. */
export function permitOf(token: string): string {
  return `?${token}`;
}

/** A value with the generation of its area and the end of its time, by the caller's clock. */
export function cachedText(value: Readonly<{ text: string; generation: string; untilMs: number }>): string {
  return `=${value.generation} ${value.untilMs} ${value.text}`;
}

/** The text of a value that is still good; undefined where there is none. */
export function goodText(stored: string | null, generation: string | null, nowMs: number): string | undefined {
  if (stored === null || generation === null || !stored.startsWith(`=${generation} `)) return undefined;
  const began = generation.length + 2;
  const end = stored.indexOf(' ', began);
  return nowMs < Number(stored.slice(began, end)) ? stored.slice(end + 1) : undefined;
}
