/**
 * Generated conversations: tiny and giant messages, prose, notices, artefacts, groups of tool calls, pins, any script.
 */
import fc from 'fast-check';
import { said } from './appending.ts';
import type { Line } from './transcripts.ts';

export type Step = Readonly<{ lines: readonly Line[]; pinned: boolean }>;

const WORDS =
  `the goblin Grog rolls 17 sword of Kraghammer and takes 2d6 damage from St. Cuthbert we decide to go north …
"Stop!" shouts Vex'ahlia (laughter) 龍が城を襲う。騎士は剣を抜いた。 Ünïcödé 👩‍👩‍👧‍👦 👍🏽 e\u0301 mañana`.split(
    /\s+/u,
  );

const prose = (min: number, max: number) =>
  fc
    .tuple(
      fc.array(fc.nat(WORDS.length - 1), { minLength: min, maxLength: max }),
      fc.constantFrom('. ', ' ', '! ', '\n'),
    )
    .map(
      ([picks, stop]) =>
        picks
          .map((pick, i) => WORDS[pick]! + (i % 9 === 8 ? stop : ' '))
          .join('')
          .trim() || 'ok',
    );

const giant = fc.constantFrom(
  'x'.repeat(4_000),
  'QUJD'.repeat(1_200),
  `${'word '.repeat(900)}end`,
  `\`\`\`ts\n${'const x = 1;\n'.repeat(300)}\`\`\``,
  `| a | b |\n${'| 1 | 2 |\n'.repeat(300)}`,
  JSON.stringify(Array.from({ length: 90 }, (_, id) => ({ id, name: `Goblin ${id}` }))),
  '龍'.repeat(3_000),
  '👩‍👩‍👧‍👦'.repeat(400),
  `e${'\u0301'.repeat(2_500)}`,
);

const text = fc.oneof(
  { weight: 8, arbitrary: prose(1, 40) },
  { weight: 3, arbitrary: prose(40, 160) },
  { weight: 1, arbitrary: giant },
);

const notice = fc
  .tuple(fc.constantFrom('Round', 'The party rests. Hour', 'Saved at 12:'), fc.nat(99))
  .map(([what, count]) => [said(`${what} ${count} of the long night begins`, { role: 'system' })]);

const header = fc
  .tuple(prose(3, 30))
  .map(([rest]) => [
    said(`Party: Grog 74 HP, Pike 51 HP, Vex 48 HP.\nPlace: the mines under Kraghammer, day 3.\n${rest}`),
  ]);

const group = fc
  .tuple(fc.array(text, { minLength: 0, maxLength: 4 }), text, fc.nat(9))
  .map(([results, argument, id]) => [
    said('', {
      role: 'assistant',
      toolCalls: results.map((_, i) => ({
        id: `call_${id}_${i}`,
        name: 'look_up',
        arguments: JSON.stringify({ argument }),
      })),
    }),
    ...results.map((content, i) => said(content, { role: 'tool', name: 'look_up', toolCallId: `call_${id}_${i}` })),
  ]);

const talk = fc
  .tuple(text, fc.constantFrom('user', 'assistant'), fc.option(fc.constantFrom('MATT', 'LAURA')))
  .map(([content, role, name]) => [said(content, { role: role as Line['role'], name })]);

const stray = text.map((content) => [said(content, { role: 'tool', name: 'dice' })]);

const step: fc.Arbitrary<Step> = fc.record({
  lines: fc.oneof(
    { weight: 8, arbitrary: talk },
    { weight: 2, arbitrary: notice },
    { weight: 2, arbitrary: header },
    { weight: 3, arbitrary: group },
    { weight: 1, arbitrary: stray },
  ),
  pinned: fc.boolean().chain((maybe) => (maybe ? fc.nat(9).map((n) => n === 0) : fc.constant(false))),
});

export const conversation = fc.array(step, { minLength: 1, maxLength: 120, size: 'max' });
