/** What was measured, as one table. */

export type Row = Readonly<{
  work: string;
  ours: string;
  peer?: string;
  ratio?: string;
  bar?: string;
  met?: boolean;
}>;

const HEAD = ['work', 'ours', 'peer', 'ratio', 'bar', 'met'];

/** A table that reads well in a terminal and in Markdown. */
export function tableOf(rows: readonly Row[]): string {
  const cells = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...cells.map((line) => line[column]!.length)));
  const lines = cells.map((line) => `| ${line.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`);
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}

function cellsOf({ work, ours, peer, ratio, bar, met }: Row): string[] {
  return [work, ours, peer ?? '', ratio ?? '', bar ?? '', met === undefined ? '' : met ? 'yes' : 'NO'];
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
