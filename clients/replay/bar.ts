/** The bar of the meter: how full the context is, and where the trigger of the next compaction is. */
import type { Usage } from './api-types.ts';
import { paint } from './format.ts';

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** Returns a bar of `width` columns, drawn in steps of an eighth of a column. */
export function bar(usage: Usage, width: number): string {
  // The percentage is a rounded one; the bar moves by the tokens.
  const full = Math.min(1, usage.approx_tokens / usage.max_tokens) * width;
  const trigger = Math.min(width - 1, Math.round((usage.next_compact_at_pct / 100) * width));
  const filled = '█'.repeat(Math.floor(full)) + (EIGHTHS[Math.floor((full % 1) * 8)] ?? '');
  const columns = [...filled.padEnd(width, ' ')];
  const style = usage.usage_pct >= usage.target_pct ? 'yellow' : 'green';
  return columns
    .map((column, at) =>
      at === trigger ? paint('red', '┃') : column === ' ' ? paint('dim', '·') : paint(style, column),
    )
    .join('');
}
