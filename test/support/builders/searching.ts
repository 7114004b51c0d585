/** People who talk, and search what was said. */
import type { SearchPage, SearchRequest } from '#application/conversations/search/transcript-search.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { Game } from '#domain/games/game.ts';
import type { ThreadId, UserId } from '#domain/shared/ids.ts';
import { HOME_ID } from '#domain/shared/workspace-rights.ts';
import { searchQuery } from '#domain/text/search-query.ts';
import type { SearchedStores } from '../backends/searched-stores.ts';
import { aGame, aMembership, aMessage, aThread, at, aUser } from './records.ts';
import { anAppendGuard } from './window-changes.ts';

export type Asked = Partial<Omit<SearchRequest, 'query' | 'userId'>>;

/** What a search found, as a test compares it: `thread/seq`. */
export function placesOf({ items }: SearchPage): readonly string[] {
  return items.map(({ threadId, seq }) => `${threadId}/${seq}`);
}

export function seqsOf({ items }: SearchPage): readonly number[] {
  return items.map(({ seq }) => seq);
}

export class Talk {
  readonly #harness: SearchedStores;
  #said = 0;

  constructor(harness: SearchedStores) {
    this.#harness = harness;
  }

  async user(): Promise<UserId> {
    const user = aUser();
    await this.#harness.stores.unitOfWork.run(({ users }) => users.add(user));
    return user.id;
  }

  async game(...players: readonly UserId[]): Promise<Game> {
    const game = aGame(null);
    await this.#harness.stores.unitOfWork.run(async ({ games, memberships }) => {
      await games.add(game);
      for (const player of players) await memberships.add(aMembership(game.id, player));
    });
    return game;
  }

  /** A thread in which each of these was said, a second apart. */
  async thread(owner: UserId, texts: readonly string[], fields: Partial<Thread> = {}): Promise<ThreadId> {
    const thread = aThread(owner, fields);
    await this.#harness.stores.unitOfWork.run(({ threads }) => threads.add(thread));
    for (const content of texts) await this.say(thread.id, content, owner);
    return thread.id;
  }

  async say(threadId: ThreadId, content: string, authorId: UserId): Promise<void> {
    this.#said += 1;
    const message = aMessage(threadId, { content, authorId, size: 1, createdAt: at(this.#said) });
    await this.#harness.stores.conversations.append(message, { ...anAppendGuard, maxEntries: 10_000 }, null);
  }

  find(userId: UserId, query: string, asked: Asked = {}): Promise<SearchPage> {
    const request = { scope: 'all', where: { workspaceId: HOME_ID }, limit: 50, ...asked } as const;
    return this.#harness.search.search({ ...request, userId, query: searchQuery(query) });
  }
}
