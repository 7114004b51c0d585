/** Blocks as tests compare them: headings with their level, texts as they are, tables by header and rows. */
import type { ReadBlock } from '#domain/retrieval/read-block.ts';

export function shown(blocks: readonly ReadBlock[]) {
  return blocks.map((block) => {
    if (block.kind === 'heading') return `${'#'.repeat(block.level)} ${block.text}`;
    return block.kind === 'paragraph' ? block.text : { header: block.header, rows: block.rows };
  });
}
