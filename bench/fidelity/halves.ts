/**
 * The two halves of the transcripts: constants are tuned on one (`FIDELITY_HALF=tuning`), and measured on the other,
 * which is what runs otherwise. No transcript, no seed and no pattern of a planted fact is in both.
 */
import { hashOf } from './random.ts';

export type Half = 'tuning' | 'measuring';

export const half: Half = halfNamed(process.env.FIDELITY_HALF ?? 'measuring');

function halfNamed(name: string): Half {
  if (name === 'tuning' || name === 'measuring') return name;
  throw new Error(`FIDELITY_HALF: ${name} is neither tuning nor measuring.`);
}

/** Every other one in the order of a hash of the titles, in the order of `all`. */
export function halfOf<T extends Readonly<{ title: string }>>(all: readonly T[], which: Half): readonly T[] {
  const ordered = all.toSorted((a, b) => hashOf(a.title) - hashOf(b.title));
  const parity = which === 'tuning' ? 0 : 1;
  const chosen = new Set(ordered.filter((_, i) => i % 2 === parity));
  return all.filter((one) => chosen.has(one));
}
