/** Prints lines if the output is no terminal: the events, and the meter every few percent. */
import type { TavernkeepError } from '../sdk/sdk.ts';
import type { Compaction } from './api-types.ts';
import * as format from './format.ts';
import type { Renderer } from './play.ts';
import type { Tally } from './tally.ts';
import type { Line } from './transcript.ts';

const STEPS = 20;

export class PlainRenderer implements Renderer {
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
    const facts = [format.progress(at, this.#total), format.meter(tally.usage), format.entries(tally.usage)];
    this.#write(`${percent}  ${facts.join(' · ')}\n`);
  }

  compacted(event: Compaction, at: number): void {
    this.#write(
      `      ${format.number(at)}: ${format.banner(event)} · ${format.tokens(event)} · ${format.strategies(event)}\n`,
    );
  }

  refused(why: TavernkeepError, at: number): void {
    this.#write(`      ${format.refusal(why, at)}\n`);
  }

  close(): void {
    // Lines need no putting away.
  }
}
