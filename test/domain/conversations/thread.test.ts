/** The title that a thread takes from its first message. */
import { expect } from 'chai';
import { conversationErrors } from '#domain/conversations/errors.ts';
import { titleOf } from '#domain/conversations/thread.ts';
import { codesByKind } from '../../support/reporting/refusals.ts';

const titleFrom = (content: string) => titleOf({ role: 'user', content });

describe('The title of a thread', () => {
  it('is a whole text of up to 50 characters, and else the words that fit', () => {
    const words = `${'gold '.repeat(9)}piece`;
    expect(words).to.have.length(50);
    expect(titleFrom(words)).to.equal(words);
    expect(titleFrom(`${words} of eight`)).to.equal(words);
    expect(titleFrom(`${words}s`)).to.equal('gold '.repeat(9).trim());
    expect(titleFrom(`x${words}`)).to.equal(`x${'gold '.repeat(9).trim()}`);
  });

  it('is 50 characters of a word that is longer, whole ones', () => {
    expect(titleFrom('a'.repeat(51))).to.equal('a'.repeat(50));
    expect(titleFrom('🐉'.repeat(51))).to.equal('🐉'.repeat(50));
    expect(titleFrom(`${' '.repeat(199)}${'🐉'.repeat(2_000)}`)).to.equal('🐉'.repeat(50));
  });

  it('is read past any white space, which becomes one space', () => {
    expect(titleFrom(`${'\n \t'.repeat(400)}The${' '.repeat(300)}gate\n`)).to.equal('The gate');
    expect(titleFrom(' \n ')).to.equal(null);
  });

  it('is taken from users alone', () => {
    expect(titleOf({ role: 'assistant', content: 'Welcome!' })).to.equal(null);
  });
});

describe('a refusal of conversations', () => {
  it('has the kind that says what can be done about it', () => {
    expect(codesByKind(conversationErrors)).to.deep.equal({
      not_found: 'compaction_not_found message_not_found reply_not_found thread_not_found',
      forbidden: 'thread_not_yours',
      conflict:
        'archived import_interrupted not_latest not_verbatim nothing_to_answer nothing_to_compact over_budget reply_in_progress threads_full',
      invalid: 'invalid_import',
      too_large: 'context_budget_unreachable pins_over_budget',
      unavailable: 'append_contended compaction_busy imports_busy no_model replies_busy search_busy search_timeout',
    });
  });
});
