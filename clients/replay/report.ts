/** The closing report: messages, usage, and the effect of each strategy. */

import type { Entry } from './api-types.ts';
import { count, number, paint } from './format.ts';
import type { Tally } from './tally.ts';
import type { Finding } from './verification.ts';

export type Ending = Readonly<{ tally: Tally; entries: readonly Entry[]; findings: readonly Finding[]; ms: number }>;

/** Columns of the strategies' table, after the name. */
const WIDTHS = [6, 15, 18, 10];

export function report({ tally, entries, findings, ms }: Ending): string {
  const parts = [facts(tally, entries, ms), strategyTable(tally), findings.map(finding)];
  return `\n${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => `  ${line}\n`).join(''))
    .join('\n')}\n`;
}

function facts(tally: Tally, entries: readonly Entry[], ms: number): readonly string[] {
  const { usage, tokensSaid } = tally;
  const share = tokensSaid === 0 ? 100 : Math.round((usage.approx_tokens / tokensSaid) * 100);
  const seconds = Math.max(ms, 1) / 1_000;
  const perSecond = number(Math.round((tally.played + tally.refused) / seconds));
  const slowest = Math.max(0, ...tally.answersMs).toFixed(1);
  const rows = [
    ['Messages', `${number(tally.played)} played · ${number(tally.refused)} refused`],
    ['Compactions', number(tally.compactions)],
    ['Usage', `${tally.highestPct}% at most · ${usage.usage_pct}% now`],
    ['Tokens', `${number(tokensSaid)} said · ${number(usage.approx_tokens)} in the window (${share}%)`],
    ['Window', `${count(entries.length, 'entry', 'entries')}${kinds(entries)}`],
    ['Time', `${seconds.toFixed(1)} s · ${perSecond} messages a second`],
    ['Answers', `${middle(tally.answersMs).toFixed(1)} ms in the middle · ${slowest} ms the slowest`],
  ];
  return rows.map(([label = '', value]) => `${paint('dim', label.padEnd(12))} ${value}`);
}

function kinds(entries: readonly Entry[]): string {
  const groups = [...Map.groupBy(entries, ({ kind }) => kind)];
  if (groups.length === 0) return '';
  const sorted = groups.toSorted(([, a], [, b]) => b.length - a.length);
  return `: ${sorted.map(([kind, some]) => `${number(some.length)} ${kind}`).join(' · ')}`;
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function strategyTable({ strategies }: Tally): readonly string[] {
  if (strategies.size === 0) return [];
  const row = (name: string, ...cells: readonly string[]) =>
    name.padEnd(12) + cells.map((cell, at) => cell.padStart(WIDTHS[at] ?? 0)).join('');
  const lines = [...strategies].map(([name, { used, tokensFreed, entriesRemoved, ms }]) =>
    row(name, number(used), number(tokensFreed), number(entriesRemoved), ms.toFixed(1)),
  );
  return [paint('dim', row('Strategy', 'used', 'tokens freed', 'entries removed', 'ms')), ...lines];
}

function finding({ holds, text }: Finding): string {
  return holds ? `${paint('green', '✓')} ${text}` : paint('red', `✗ ${text}`);
}
