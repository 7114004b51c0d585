/** Pieces of lines on a page: what stands on one baseline without a wide gap in it. */

/** Text as the PDF has it. Points; `y` is the baseline, counted from the upper edge. */
export type Span = Readonly<{ text: string; x: number; y: number; width: number; size: number }>;

/** `size` is that of the font. */
export type Segment = Readonly<{ text: string; x: number; right: number; y: number; size: number }>;

/** Shares of the font's size: how far baselines of one line may lie apart, what parts words, and what parts columns. */
const BASELINE = 0.35;
const WORD_GAP = 0.15;
const COLUMN_GAP = 0.9;

export function segmentsOf(spans: readonly Span[]): readonly Segment[] {
  return baselines(spans.filter(({ text }) => text.trim() !== '')).flatMap(segmentsOfLine);
}

/** Groups what stands on one baseline, from the top, each from the left. */
export function baselines<T extends Readonly<{ x: number; y: number; size: number }>>(pieces: readonly T[]): T[][] {
  const lines: T[][] = [];
  for (const piece of pieces.toSorted((a, b) => a.y - b.y || a.x - b.x)) {
    const first = lines.at(-1)?.[0];
    if (first !== undefined && piece.y - first.y <= BASELINE * Math.max(first.size, piece.size))
      lines.at(-1)!.push(piece);
    else lines.push([piece]);
  }
  return lines.map((line) => line.toSorted((a, b) => a.x - b.x));
}

type OpenSegment = { parts: string[]; x: number; right: number; y: number; size: number };

function segmentsOfLine(line: readonly Span[]): readonly Segment[] {
  const segments: OpenSegment[] = [];
  for (const { text, x, y, width, size } of line) {
    const last = segments.at(-1);
    const gap = last === undefined ? Number.POSITIVE_INFINITY : x - last.right;
    if (last === undefined || gap > COLUMN_GAP * Math.max(last.size, size)) {
      segments.push({ parts: [text], x, right: x + width, y, size });
      continue;
    }
    if (gap > WORD_GAP * size) last.parts.push(' ');
    last.parts.push(text);
    last.right = Math.max(last.right, x + width);
    last.size = Math.max(last.size, size);
  }
  return segments.map(({ parts, ...place }) => ({ ...place, text: parts.join('').replace(/\s+/gu, ' ').trim() }));
}
