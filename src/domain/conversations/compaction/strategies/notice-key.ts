/** Compares notices by what they say: what counts and ticks is taken out, and dates, places and amounts stay. */

/** Words whose number counts up, in eight languages, before it ("Round 3") or after it ("3ターン"). */
const COUNTERS = `
round turn step attempt try retry tick hour minute second runde zug schritt versuch stunde sekunde tour manche étape
essai tentative heure seconde раунд ход шаг попытка час минута секунда 回合 轮 步 次 ラウンド ターン 回目 라운드 턴 번째
الجولة الدور الخطوة المحاولة الساعة
`
  .trim()
  .split(/\s+/u)
  .join('|');
const NUMBER = String.raw`\p{Nd}+(?:\s?(?:/|of|von|sur|из)\s?\p{Nd}+)?`;
const COUNTER_BEFORE = new RegExp(
  String.raw`(?<!\p{L})(${COUNTERS}|nr\.?|no\.?|n°|№|#)(\s?)${NUMBER}(?![\p{Nd}.,]*\p{Nd})`,
  'gu',
);
const COUNTER_AFTER = new RegExp(
  String.raw`(?<!\p{Nd}[.,]?)${NUMBER}(\s?)(回合|轮|步|次|ラウンド|ターン|回目|라운드|턴|번째)`,
  'gu',
);
const CLOCK = /(?<!\p{Nd}[.,:]?)\p{Nd}{1,2}[:：]\p{Nd}{2}(?:[:：]\p{Nd}{2}(?:[.,]\p{Nd}+)?)?(?!\p{Nd})/gu;
const HOUR = /(?<!\p{Nd}[.,]?)\p{Nd}{1,2}(?:[.:]\p{Nd}{2})?\s?(?:am|pm|a\.m\.|p\.m\.|uhr|h\s?\p{Nd}{2})(?!\p{L})/gu;
const EAST_ASIAN_HOUR = /\p{Nd}{1,2}\s?[時时点點시](?:\s?\p{Nd}{1,2}\s?[分분])?(?:\s?\p{Nd}{1,2}\s?[秒초])?/gu;

/** Returns the text in lower case, with single spaces, without times of day and without the numbers of counters. */
export function noticeKey(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/\s+/gu, ' ')
    .replace(HOUR, '~')
    .replace(CLOCK, '~')
    .replace(EAST_ASIAN_HOUR, '~')
    .replace(COUNTER_BEFORE, '$1$2~')
    .replace(COUNTER_AFTER, '~$1$2')
    .replace(/~(?: ?(?:am|pm|uhr))(?!\p{L})/gu, '~');
}
