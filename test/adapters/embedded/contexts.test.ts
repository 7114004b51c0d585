/** Copies of windows are bounded by the memory that they take, and what makes room for others leaves nothing behind. */
import { expect } from 'chai';
import { EmbeddedContexts } from '#adapters/embedded/contexts.ts';
import type { WindowCopy } from '#application/conversations/ports.ts';
import { verbatim } from '#domain/conversations/window.ts';
import { aMessage, at, newId } from '../../support/builders/records.ts';

const TEXT = 1_000;

function copyOf(character: string): WindowCopy {
  const threadId = newId('thread');
  const entries = [verbatim(aMessage(threadId, { content: character.repeat(TEXT) }), 1, false)];
  return { threadId, ownerId: newId('user'), version: 1, lastSeq: 1, entries, countedBy: ['chars_div_4'] };
}

describe('EmbeddedContexts', () => {
  /** Room for four copies of Latin text, and for two whose characters take two bytes. */
  const opened = () => new EmbeddedContexts({ clock: { now: () => at(0) }, ttlMs: 60_000, maxBytes: 5 * TEXT + 500 });

  for (const [character, room] of [
    ['é', 4],
    ['龍', 2],
  ] as const) {
    it(`holds as many as there is room for of "${character}", those that were used last`, async () => {
      const contexts = opened();
      const copies = Array.from({ length: 4 }, () => copyOf(character));
      for (const copy of copies) await contexts.save(copy);
      const held = await Promise.all(copies.map(async ({ threadId }) => (await contexts.find(threadId)) !== undefined));
      expect(held).to.deep.equal(copies.map((_, i) => i >= copies.length - room));
      await contexts.save(copyOf(character));
      expect(await contexts.find(copies[4 - room]!.threadId), 'the one that was used longest ago').to.equal(undefined);
    });
  }

  it('does not hold what there is no room for at all, nor what it replaces', async () => {
    const contexts = opened();
    const copy = copyOf('x');
    await contexts.save(copy);
    const [entry] = copy.entries;
    await contexts.save({ ...copy, lastSeq: 2, entries: Array.from({ length: 6 }, () => entry!) });
    expect(await contexts.find(copy.threadId)).to.equal(undefined);
    await contexts.removeByOwner(copy.ownerId);
  });
});
