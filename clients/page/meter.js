/** The meter of the context, and the texts about compactions. */
import { at } from './elements.js';

export function showUsage(usage) {
  at('meter-text').textContent = `Context ${usage.usage_pct}% · Next compact at ${usage.next_compact_at_pct}%`;
  at('fill').style.width = `${Math.min(100, usage.usage_pct)}%`;
  at('fill').classList.toggle('near', usage.usage_pct >= usage.target_pct);
  at('trigger').style.left = `${usage.next_compact_at_pct}%`;
}

export function bannerText({ kind, before_messages, after_messages, summaries_added }) {
  if (kind === 'undone') return 'Compaction undone';
  if (kind === 'refined') return 'Summary refined';
  const messages = before_messages - after_messages;
  const summary = summaries_added > 0 ? ' · + summary' : '';
  return `Conversation compacted · −${messages} ${messages === 1 ? 'message' : 'messages'}${summary}`;
}

const number = new Intl.NumberFormat('en-US');

export function savedText({ before_tokens, after_tokens }) {
  return `${number.format(before_tokens)} → ${number.format(after_tokens)} tokens`;
}
