/** Draws on a terminal: a moving bar at the bottom, and the events above it. */
import type { WriteStream } from 'node:tty';
import type { TavernkeepError } from '../sdk/sdk.ts';
import type { Compaction } from './api-types.ts';
import { bar } from './bar.ts';
import * as format from './format.ts';
import type { Renderer } from './play.ts';
import type { Tally } from './tally.ts';
import type { Line } from './transcript.ts';

const FRAME_MS = 33;
const MARGIN = '  ';
const BAR_MAX = 56;
/** Aligns the facts of compactions in one column. */
const BANNER_WIDTH = 'Conversation compacted · −100 messages · + summary'.length;
const CONTROL = {
  hideCursor: '\x1b[?25l',
  showCursor: '\x1b[?25h',
  noWrap: '\x1b[?7l',
  wrap: '\x1b[?7h',
  clear: '\x1b[J',
};

export class LiveRenderer implements Renderer {
  readonly #out: WriteStream;
  readonly #total: number;
  #frame: readonly string[] = [];
  #drawnAt = 0;
  #latest: { line: Line; at: number; tally: Tally } | null = null;
  readonly #onResize = () => this.#draw();

  constructor(out: WriteStream, total: number) {
    this.#out = out;
    this.#total = total;
    out.write(CONTROL.hideCursor);
    out.on('resize', this.#onResize);
  }

  said(line: Line, at: number, tally: Tally): void {
    this.#latest = { line, at, tally };
    if (performance.now() - this.#drawnAt >= FRAME_MS || at === this.#total) this.#draw();
  }

  compacted(event: Compaction, at: number): void {
    const place = format.number(at).padStart(format.number(this.#total).length);
    const indent = ' '.repeat(MARGIN.length * 2 + place.length + 2);
    const happened = format.banner(event).padEnd(BANNER_WIDTH);
    const facts = `${format.tokens(event)} · ${format.strategies(event)}`;
    const fits = indent.length + happened.length + MARGIN.length + facts.length < this.#out.columns;
    this.#scroll(
      `${MARGIN}${format.paint('dim', place)}${MARGIN}${format.paint('yellow', '◆')} ${happened}` +
        `${fits ? MARGIN : `\n${indent}`}${format.paint('dim', facts)}`,
    );
  }

  refused(why: TavernkeepError, at: number): void {
    this.#scroll(`${MARGIN}${format.paint('red', '✗')} ${format.refusal(why, at)}`);
  }

  close(): void {
    this.#out.off('resize', this.#onResize);
    this.#draw();
    this.#out.write(`\n${CONTROL.wrap}${CONTROL.showCursor}`);
  }

  /** Prints a line above the moving part. */
  #scroll(text: string): void {
    this.#out.write(`${this.#rewind()}${text}\n`);
    this.#frame = [];
    this.#draw();
  }

  #draw(): void {
    const frame = this.#picture();
    this.#out.write(`${this.#rewind()}${CONTROL.noWrap}${frame.join('\n')}${CONTROL.wrap}`);
    this.#frame = frame;
    this.#drawnAt = performance.now();
  }

  /** Moves the cursor to the start of the moving part, and clears everything below it. */
  #rewind(): string {
    const up = this.#frame.length > 1 ? `\x1b[${this.#frame.length - 1}A` : '';
    return `\r${up}${CONTROL.clear}`;
  }

  #picture(): readonly string[] {
    if (this.#latest === null) return [''];
    const { line, at, tally } = this.#latest;
    const room = this.#out.columns - MARGIN.length * 2;
    const meter = format.meter(tally.usage);
    const width = Math.min(BAR_MAX, room - meter.length - 2);
    const drawn =
      width >= 10
        ? [`${bar(tally.usage, width)}  ${format.paint('bold', meter)}`]
        : [bar(tally.usage, room), format.paint('bold', format.clip(meter, room))];
    const progress = [
      format.progress(at, this.#total),
      format.entries(tally.usage),
      format.count(tally.compactions, 'compaction'),
    ].join(' · ');
    const rows = [
      '',
      ...drawn,
      format.paint('dim', format.clip(progress, room)),
      format.paint('dim', format.clip(format.quote(line), room)),
    ];
    return rows.map((row) => `${MARGIN}${row}`);
  }
}
