/** Dates as people write them in the eight languages, with the day: "May 3rd", "am 3. Mai", "5月3日", "2024-05-03". */

const MONTHS = [
  'January|February|March|April|May|June|July|August|September|October|November|December',
  'Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec',
  'Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember',
  'janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre',
  'января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря',
  'يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر',
].join('|');

const FORMS = [
  /(?<!\p{N})\p{N}{4}-\p{N}{2}-\p{N}{2}(?!\p{N})/gu,
  /(?<![\p{N}./])\p{N}{1,2}([./])\p{N}{1,2}\1(?:\p{N}{4}|\p{N}{2})(?!\p{N})/gu,
  /\p{N}{1,2}[月월] ?\p{N}{1,2}[日号일]/gu,
  new RegExp(`(?<!\\p{N})\\p{N}{1,2}(?:\\.|st|nd|rd|th|er)? (?:of )?(?:${MONTHS})(?!\\p{L})`, 'gu'),
  new RegExp(`(?<!\\p{L})(?:${MONTHS}) (?:the )?\\p{N}{1,2}(?:st|nd|rd|th)?(?![\\p{N}\\p{L}])`, 'gu'),
];

export function datesIn(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.flatMap((text) => FORMS.flatMap((form) => text.match(form) ?? [])));
}
