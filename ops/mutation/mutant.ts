/** What a planted fault is: one piece of text in one file below src/, replaced by another. */
import { createHash } from 'node:crypto';

/** A replacement of the characters from `start` to `end` (UTF-16). */
export type Edit = Readonly<{ start: number; end: number; text: string }>;

export type Fault = Edit & Readonly<{ id: string; file: string }>;

export type Mutant = Fault & Readonly<{ line: number; operator: string; before: string }>;

export function planted(source: string, { start, end, text }: Edit): string {
  return source.slice(0, start) + text + source.slice(end);
}

/** The layer of a file, with the technology of an adapter: `domain`, `adapters/http`. */
export function layerOf(file: string): string {
  const [, layer = '', technology = ''] = file.split('/');
  return layer === 'adapters' ? `${layer}/${technology}` : layer;
}

/** Stays the same while the text before the place does. */
export function idOf(file: string, operator: string, edit: Edit): string {
  const place = [file, operator, edit.start, edit.end, edit.text].join('\n');
  return createHash('sha256').update(place).digest('hex').slice(0, 8);
}

/**
 * The same fault as a line of the known ones: text that occurs once in the source, widened by whole lines until it
 * does.
 */
export function asKnown(source: string, fault: Fault): Readonly<{ search: string; replace: string }> {
  let [from, to] = [lineStart(source, fault.start), lineEnd(source, fault.end)];
  while (source.indexOf(source.slice(from, to)) !== source.lastIndexOf(source.slice(from, to))) {
    [from, to] = [lineStart(source, Math.max(0, from - 1)), lineEnd(source, Math.min(source.length, to + 1))];
  }
  const edit = { start: fault.start - from, end: fault.end - from, text: fault.text };
  return { search: source.slice(from, to), replace: planted(source.slice(from, to), edit) };
}

function lineStart(source: string, at: number): number {
  return source.lastIndexOf('\n', at - 1) + 1;
}

function lineEnd(source: string, at: number): number {
  const end = source.indexOf('\n', at);
  return end === -1 ? source.length : end;
}
