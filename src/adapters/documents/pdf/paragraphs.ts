/** Puts the lines of pages together to paragraphs, also over the ends of columns and pages. */
import type { Place, ReadBlock } from '#domain/retrieval/read-block.ts';
import { heading, paragraph } from '../shared/blocks.ts';
import type { Line } from './columns.ts';
import type { FoundHeading } from './headings.ts';

/** Shares of the font's size: a wider space between lines, or an indent, begins a paragraph. */
const LINE_SPACE = 1.6;
const INDENT = 0.8;
const BULLET = /^(?:[•●▪◦‣–—-]|\d{1,3}[.)]|\([a-z0-9]{1,3}\))\s/;

export class Paragraphs {
  readonly #blocks: ReadBlock[] = [];
  #text = '';
  #place: Place | undefined;
  #last: Line | undefined;

  page(lines: readonly Line[], headings: readonly FoundHeading[], place: Place): void {
    const waiting = [...headings];
    for (let index = 0; index <= lines.length; index++) {
      let skipped = 0;
      while (waiting[0] !== undefined && waiting[0].index <= index) {
        const { level, title, lines: own } = waiting.shift()!;
        this.#flush();
        this.#blocks.push(heading(level, title, place));
        skipped = Math.max(skipped, own);
      }
      if (skipped > 0) index += skipped - 1;
      else if (index < lines.length) this.#line(lines[index]!, place);
    }
    // The next page begins at its top, whatever the height of the last line here.
    if (this.#last !== undefined) this.#last = { ...this.#last, column: -1 };
  }

  finished(): readonly ReadBlock[] {
    this.#flush();
    return this.#blocks;
  }

  #line(line: Line, place: Place): void {
    if (this.#last !== undefined && this.#begins(line, this.#last)) this.#flush();
    this.#text = this.#text === '' ? line.text : joined(this.#text, line.text);
    this.#place ??= place;
    this.#last = line;
  }

  #begins(line: Line, last: Line): boolean {
    if (BULLET.test(line.text) || Math.abs(line.size - last.size) > 0.12 * last.size) return true;
    if (line.column !== last.column) return /[.!?:…]["'”’)\]]*$/u.test(this.#text) || !/^\p{Ll}/u.test(line.text);
    return line.y - last.y > LINE_SPACE * line.size || line.x - line.begin > INDENT * line.size;
  }

  #flush(): void {
    if (this.#text !== '' && this.#place !== undefined) this.#blocks.push(paragraph(this.#text, this.#place));
    [this.#text, this.#place, this.#last] = ['', undefined, undefined];
  }
}

/** A word that is divided at the end of a line is one word again. */
function joined(text: string, next: string): string {
  if (/\p{Ll}[-\u00ad]$/u.test(text) && /^\p{Ll}/u.test(next)) return text.slice(0, -1) + next;
  return `${text} ${next}`;
}
