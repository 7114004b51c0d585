/** What is put around the record of what was said adds to it, and takes nothing away. */
import { expect } from 'chai';
import { EmbeddedEventBus } from '#adapters/embedded/event-bus.ts';
import { withCopies } from '#application/conversations/context/with-copies.ts';
import type { Contexts, Conversations, ThreadSnapshot, WindowCopy } from '#application/conversations/ports.ts';
import { withEvents } from '#application/conversations/thread-events.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import { type Entry, verbatim } from '#domain/conversations/window.ts';
import { aMessage, aRevision, aThread, newId } from '../../support/builders/records.ts';
import { anAppendChange, aPinChange, aRevisionChange } from '../../support/builders/window-changes.ts';

/** Answers each call but `snapshot` and those given with its name and what it was given. */
function echoing(own: Partial<Conversations>): Conversations {
  const echo =
    (_: object, name: string) =>
    async (...given: readonly unknown[]) => [name, ...given];
  return new Proxy({} as Conversations, { get: (_, name: keyof Conversations) => own[name] ?? echo(_, name) });
}

const NO_CONTEXTS: Contexts = {
  find: async () => undefined,
  save: async () => {},
  remove: async () => {},
  removeByOwner: async () => {},
};

describe('Conversations with something around them', () => {
  for (const [what, wrap] of [
    ['copies', (conversations: Conversations) => withCopies({ conversations, contexts: NO_CONTEXTS })],
    ['events', (conversations: Conversations) => withEvents({ conversations, events: new EmbeddedEventBus() })],
  ] as const)
    it(`pass on every other call as it is: ${what}`, async () => {
      const wrapped = wrap(echoing({})) as unknown as Record<string, (...given: unknown[]) => Promise<unknown>>;
      const passed = ['recount', 'windowAt', 'message', 'messages', 'citing', 'revision', 'events'];
      for (const name of what === 'copies' ? passed : [...passed, 'snapshot'])
        expect(await wrapped[name]!('a', 1, { b: 2 }), name).to.deep.equal([name, 'a', 1, { b: 2 }]);
    });

  describe('as copies', () => {
    const thread: Thread = { ...aThread(newId('user')), version: 4, lastSeq: 9 };
    const entries: readonly Entry[] = [verbatim(aMessage(thread.id), 1, false)];
    let saved: WindowCopy[];
    let held: WindowCopy | undefined;
    const own = { commit: async () => thread, snapshot: async () => snapshot };
    const snapshot: ThreadSnapshot = { thread, entries, countedBy: ['o200k_base'] };
    const contexts: Contexts = {
      ...NO_CONTEXTS,
      find: async () => held,
      save: async (copy) => {
        saved.push(copy);
      },
    };
    const copied = withCopies({ conversations: echoing(own), contexts });
    const copy = { threadId: thread.id, ownerId: thread.ownerId, version: 4, entries };

    beforeEach(() => {
      [saved, held] = [[], undefined];
    });

    it('are of a change as far as it knew the thread, and as it was counted, whatever its revision has', async () => {
      await copied.commit(anAppendChange(thread.id, { estimator: 'cl100k_base', entries, lastSeq: 9 }));
      const revision = aRevision({ uptoSeq: 2, estimator: 'chars_div_4' });
      await copied.commit(aRevisionChange(thread.id, { revision, entries, lastSeq: 7, estimator: 'o200k_base' }));
      await copied.commit(aPinChange(thread.id, { entries, lastSeq: 8 }));
      expect(saved).to.deep.equal([
        { ...copy, lastSeq: 9, countedBy: ['cl100k_base'] },
        { ...copy, lastSeq: 7, countedBy: ['o200k_base'] },
        { ...copy, lastSeq: 8, countedBy: ['chars_div_4'] },
      ]);
    });

    it('are of what was read, unless that is what is held already', async () => {
      const read = { ...copy, lastSeq: 9, countedBy: ['o200k_base'] } as const;
      for (const [found, isSaved] of [
        [undefined, true],
        [{ ...read, lastSeq: 8 }, true],
        [{ ...read, version: 3, lastSeq: 10 }, true],
        [read, false],
      ] as const) {
        [saved, held] = [[], found];
        expect(await copied.snapshot(thread.id)).to.equal(snapshot);
        expect(saved).to.deep.equal(isSaved ? [read] : []);
      }
    });
  });
});
