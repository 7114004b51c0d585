/** What is counted of changes of windows that add no message and free nothing: undos, pins. */
import type * as prom from 'prom-client';
import type { Instruments } from './instruments.ts';

const KINDS = ['undo', 'pin', 'unpin'] as const;
type Kind = (typeof KINDS)[number];

/** `overtaken`: the thread had changed meanwhile, and nothing was written. */
const OUTCOMES = ['committed', 'overtaken', 'refused', 'failed'] as const;
type Outcome = (typeof OUTCOMES)[number];

export class WindowChangeMetrics {
  readonly #changes: prom.Counter<'kind' | 'outcome'>;

  constructor(instruments: Instruments) {
    this.#changes = instruments.counter({
      name: 'tavernkeep_window_changes_total',
      help: 'Undos, pins and unpins that were to be committed; overtaken ones are tried again.',
      labels: ['kind', 'outcome'],
      known: KINDS.flatMap((kind) => OUTCOMES.map((outcome) => ({ kind, outcome }))),
    });
  }

  ended(kind: Kind, outcome: Outcome): void {
    this.#changes.inc({ kind, outcome });
  }
}
