/** The table of results. */

export type Row = Readonly<{
  work: string;
  ours: string;
  peer?: string;
  ratio?: string;
  bar?: string;
  met?: boolean;
}>;

const HEAD = ['work', 'ours', 'peer', 'ratio', 'bar', 'met'];
/** Minimum widths of the columns. A longer cell shifts the rest of its row. */
const WIDTHS = [84, 22, 50, 8, 10, 3];

/** The head of a Markdown table whose rows can be printed one by one. */
export function tableHead(): string {
  return `${lineOf(HEAD)}\n|${WIDTHS.map((width) => '-'.repeat(width + 2)).join('|')}|`;
}

export function rowLine({ work, ours, peer, ratio, bar, met }: Row): string {
  return lineOf([work, ours, peer ?? '', ratio ?? '', bar ?? '', met === undefined ? '' : met ? 'yes' : 'NO']);
}

export function tableOf(rows: readonly Row[]): string {
  return [tableHead(), ...rows.map(rowLine)].join('\n');
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.map((cell, column) => cell.padEnd(WIDTHS[column]!)).join(' | ')} |`;
}

/** A row for something that cannot be measured here. */
export function leftOut(work: string, why: string): Row {
  return { work, ours: `left out (${why})` };
}

/** A row for a rate, more being better. `bar` is the smallest ratio that will do. */
export function rateRow(work: string, ours: number, peer: Readonly<{ name: string; rate: number }>, bar: number): Row {
  const ratio = ours / peer.rate;
  return {
    work,
    ours: rate(ours),
    peer: `${rate(peer.rate)} ${peer.name}`,
    ratio: `${ratio.toFixed(2)}x`,
    bar: `≥ ${bar}x`,
    met: ratio >= bar,
  };
}

export function rate(perSecond: number): string {
  return `${Math.round(perSecond).toLocaleString('en')}/s`;
}
