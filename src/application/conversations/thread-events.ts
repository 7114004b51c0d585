/** Tells what happens in threads, at the port through which it happens: no use case can forget to. */
import type { Thread } from '#domain/conversations/thread.ts';
import type { ReplyId } from '#domain/shared/ids.ts';
import type { EventBus } from '../shared/event-bus.ts';
import { conversationsOf } from './conversations-of.ts';
import type { Conversations } from './ports.ts';

/**
 * How far a thread has come. Events of several processes may cross on their way, so what counts is the highest seq and
 * the highest version that were told: everything up to them can be read from the store.
 */
export type ThreadProgress = Readonly<{
  kind: 'appended' | 'revised';
  lastSeq: number;
  version: number;
  revision: number;
}>;

/**
 * What becomes of a reply of the language model, in order: pieces of its text, then one end. A piece that is lost is
 * told nowhere else; the whole text is the message `seq`, which was told as appended before.
 */
export type ReplyEvent = Readonly<
  | { kind: 'reply.delta'; replyId: ReplyId; text: string }
  | { kind: 'reply.completed'; replyId: ReplyId; seq: number }
  | { kind: 'reply.failed'; replyId: ReplyId; code: string; detail: string }
>;

/**
 * Told to the process that streams the reply, that nobody wants it or that its thread is gone: the topic is the reply's
 * id, to which nobody else listens.
 */
type ReplyStopped = Readonly<{ kind: 'reply.cancelled' | 'reply.orphaned'; replyId: ReplyId }>;

/** What happens in a thread; the topic is its id. */
export type ThreadEvent = ThreadProgress | ReplyEvent | ReplyStopped;

type Deps = Readonly<{ conversations: Conversations; events: EventBus<ThreadEvent> }>;

/** Tells a change of a thread that a unit of work has committed, which no port sees. */
export function tellRevised(events: EventBus<ThreadEvent>, { id, lastSeq, version, revision }: Thread): void {
  void events.publish(id, { kind: 'revised', lastSeq, version, revision });
}

/** The same record of what was said, which tells every append and every change of a window once it is committed. */
export function withEvents({ conversations, events }: Deps): Conversations {
  const tell = (kind: ThreadProgress['kind'], thread: Thread | undefined) => {
    if (thread === undefined) return undefined;
    const { id, lastSeq, version, revision } = thread;
    void events.publish(id, { kind, lastSeq, version, revision });
    return thread;
  };
  return {
    ...conversationsOf(conversations, conversations),
    append: async (...given) => tell('appended', await conversations.append(...given)),
    commit: async (change) =>
      tell(change.kind === 'append' ? 'appended' : 'revised', await conversations.commit(change)),
  };
}
