/** The peers that only forget: each keeps of a transcript's newest messages what fits. */
import { HumanMessage, trimMessages } from '@langchain/core/messages';
import { MessageList } from '@mastra/core/agent/message-list';
import { TokenLimiterProcessor } from '@mastra/core/processors';
import { charsDiv4 } from '../../src/domain/conversations/usage.ts';
import type { Turn } from '../append/subject.ts';

/** Makes a transcript ready as the peer holds it; what it answers trims it once, and says which turns are left. */
export type Trimmer = (turns: readonly Turn[]) => (limit: number) => Promise<readonly Turn[]>;

function tokensOf(turns: readonly Turn[]): number {
  return charsDiv4.tokens(turns.reduce((sum, { text }) => sum + charsDiv4.size(text), 0));
}

export const langChain: Trimmer = (turns) => {
  const messages = turns.map(({ text }, index) => new HumanMessage({ id: String(index), content: text }));
  const tokenCounter = (counted: readonly { content: unknown }[]) =>
    charsDiv4.tokens(counted.reduce((sum, { content }) => sum + charsDiv4.size(content as string), 0));
  return async (maxTokens) => {
    const left = await trimMessages(messages, { maxTokens, strategy: 'last', tokenCounter });
    return left.map(({ id }) => turns[Number(id)]!);
  };
};

/** It counts by an estimate of its own: `limitFor` finds what is the same to us. */
export const mastra: Trimmer = (turns) => {
  const list = new MessageList({ threadId: 'bench', resourceId: 'bench' });
  list.add(
    turns.map(({ text }, index) => ({
      id: String(index),
      threadId: 'bench',
      resourceId: 'bench',
      role: 'user' as const,
      createdAt: new Date(index),
      content: { format: 2 as const, parts: [{ type: 'text' as const, text }] },
    })),
    'memory',
  );
  return async (limit) => {
    const step = { messageList: list } as unknown as Parameters<TokenLimiterProcessor['processInputStep']>[0];
    await new TokenLimiterProcessor({ limit }).processInputStep(step);
    return list.get.all.db().map(({ id }) => turns[Number(id)]!);
  };
};

/** About the largest limit with which a trimmer leaves at most so many of our tokens. */
export async function limitFor(trimmer: Trimmer, turns: readonly Turn[], tokens: number): Promise<number> {
  let [low, high] = [1, 2 * tokens];
  while (high - low > tokens / 200) {
    const middle = Math.floor((low + high) / 2);
    const left = await trimmer(turns)(middle).catch(() => []);
    if (tokensOf(left) <= tokens) low = middle;
    else high = middle;
  }
  return low;
}
