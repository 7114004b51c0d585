/** Writes lines where no terminal is: what happened, and the meter every few percent. */
import type { Refused } from './api.ts';
import type { Compaction } from './api-types.ts';
import * as words from './format.ts';
import type { Renderer } from './play.ts';
import type { Tally } from './tally.ts';
import type { Line } from './transcript.ts';

const STEPS = 20;

export class PlainStage implements Renderer {
  readonly #write: (text: string) => void;
  readonly #total: number;
  #step = 0;

  constructor(write: (text: string) => void, total: number) {
    this.#write = write;
    this.#total = total;
  }

  said(_line: Line, at: number, tally: Tally): void {
    const step = Math.floor((at / this.#total) * STEPS);
    if (step === this.#step) return;
    this.#step = step;
    const percent = `${Math.round((at / this.#total) * 100)}%`.padStart(4);
    this.#write(
      `${percent}  message ${words.number(at)} of ${words.number(this.#total)} · ${words.meter(tally.usage)} · ${words.entries(tally.usage)}\n`,
    );
  }

  compacted(event: Compaction, at: number): void {
    this.#write(
      `      ${words.number(at)}: ${words.banner(event)} · ${words.tokens(event)} · ${words.strategies(event)}\n`,
    );
  }

  refused(why: Refused, at: number): void {
    this.#write(`      ${words.refusal(why, at)}\n`);
  }

  close(): void {
    // Lines need no putting away.
  }
}
