/** Reads plain text: paragraphs are divided by empty lines. */
import type { ReadBlock } from '#domain/retrieval/read-block.ts';
import { paragraph } from '../shared/blocks.ts';

export function readText(text: string): readonly ReadBlock[] {
  return text
    .split(/\n[ \t\f]*(?=\n)|\f/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => paragraph(part));
}
