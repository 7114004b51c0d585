/** The share of what was wanted that was found, 0 to 1. */
export function shareOf(wanted: ReadonlySet<string>, found: ReadonlySet<string>): number {
  return wanted.size === 0 ? 1 : [...wanted].filter((one) => found.has(one)).length / wanted.size;
}
