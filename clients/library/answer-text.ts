/** An answer as the terminal shows it: its text, and below it what it cites. */
import type { Data } from '../sdk/sdk.ts';

type Answer = Data<'post', '/ask'>;
type FoundPassage = Answer['passages'][number];

const NEAREST = 3;

export function answerText({ answer, citations, passages }: Answer): string {
  if (answer === null) {
    const nearest = passages.slice(0, NEAREST).map(placeOf);
    const told = nearest.length === 0 ? [] : ['The nearest passages:', ...nearest];
    return ['Your books do not answer that.', ...told].join('\n');
  }
  const cited = citations.flatMap(({ number }) => passages.filter(({ rank }) => rank === number)).map(placeOf);
  return [answer, '', ...cited].join('\n');
}

function placeOf({ rank, source, heading_path: path, page_label: page, time_code: time }: FoundPassage): string {
  const parts = [source.title, path, page === null ? '' : `page ${page}`, time ?? ''];
  return `[${rank}] ${parts.filter((part) => part !== '').join(', ')}`;
}
