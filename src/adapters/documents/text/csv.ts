/** Reads CSV: one table, whose first row is its header. What a cell holds is text, whatever it begins with. */
import { CsvError, parse } from 'csv-parse/sync';
import type { ReadBlock } from '#domain/retrieval/read-block.ts';
import { table } from '../shared/blocks.ts';
import { tooLarge, unreadable } from '../shared/refusals.ts';

/** Characters of a row. A quotation mark that is never closed would make one row of the rest. */
const ROW_MAX_CHARACTERS = 500_000;
/** Each cell is a string of its own, and a file of separators has as many cells as bytes. */
const CELLS_MAX = 2_000_000;
const DELIMITERS = [',', ';', '\t', '|'];

export function readCsv(text: string): readonly ReadBlock[] {
  const rows = rowsOf(text);
  const [header = [], ...others] = rows;
  return [others.length === 0 ? table([], rows) : table(header, others)];
}

function rowsOf(text: string): readonly (readonly string[])[] {
  let cells = 0;
  try {
    return parse(text, {
      delimiter: delimiterOf(text),
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      max_record_size: ROW_MAX_CHARACTERS,
      on_record: (row: string[]) => {
        cells += row.length;
        if (cells > CELLS_MAX) throw tooLarge('cells', CELLS_MAX);
        return row;
      },
    });
  } catch (error) {
    if (error instanceof CsvError) throw unreadable('broken');
    throw error;
  }
}

/** The one that the first line has most of, outside of quotation marks. */
function delimiterOf(text: string): string {
  const end = text.indexOf('\n');
  const line = text.slice(0, end < 0 ? ROW_MAX_CHARACTERS : Math.min(end, ROW_MAX_CHARACTERS)).replace(/"[^"]*"/g, '');
  const counted = DELIMITERS.map((delimiter) => ({ delimiter, count: line.split(delimiter).length }));
  return counted.toSorted((a, b) => b.count - a.count)[0]!.delimiter;
}
