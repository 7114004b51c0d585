/** Reading captions: VTT and SRT. */
import { expect } from 'chai';
import { readDocument } from '#adapters/documents/read-document.ts';
import { readCaptions } from '#adapters/documents/text/captions.ts';
import { passagesOf } from '#domain/retrieval/passage.ts';
import { refusalOf } from '../../support/documents/refused.ts';
import { shown } from '../../support/documents/shown.ts';

const time = (seconds: number) => {
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${pad(Math.floor(seconds / 3_600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}.000`;
};
const cue = (start: number, end: number, text: string) => `${time(start)} --> ${time(end)}\n${text}\n`;
const vtt = (...cues: readonly string[]) => `WEBVTT\n\n${cues.join('\n')}`;

describe('Reading captions', () => {
  it('finds what is said in VTT, without its marks, names, notes and styles', () => {
    const text = `WEBVTT Kind: captions\nLanguage: en\n\nNOTE a comment\nof two lines\n\nSTYLE\n::cue { color: red }\n\nintro-1\n00:05.500 --> 00:07.000 align:start\n<v Matt>Welcome <i>back</i>&nbsp;all.\n\n2\n00:00:07.000 --> 00:00:09.000\n<c.loud>It</c> <00:00:08.000>waits &amp; sleeps.`;
    const blocks = readCaptions(text);
    expect(shown(blocks)).to.deep.equal(['Matt: Welcome back all. It waits & sleeps.']);
    expect(blocks[0]?.place).to.deep.equal({ page: null, pageLabel: null, timeCode: '00:00:05' });
  });

  it('finds what is said in SRT, with any line ends, and without the empty lines between', async () => {
    const text =
      '1\r\n00:00:01,000 --> 00:00:02,500\r\n{\\an8}Hello <b>there</b>.\r\n2\r\n00:00:02,600 --> 00:00:04,000\r\nIt is 12\r\n12\r\n\r\n3\r\n01:02:03,000 --> 01:02:04,000\r\nLater.\r\n';
    const { kind, blocks } = await readDocument({ bytes: Buffer.from(text), name: 'a.txt' });
    expect(kind).to.equal('srt');
    expect(blocks.map(({ place }) => place.timeCode)).to.deep.equal(['00:00:01', '01:02:03']);
    expect(shown(blocks)).to.deep.equal(['Hello there. It is 12 12', 'Later.']);
  });

  it('joins the lines that live captions show again as they roll', () => {
    const rolling = vtt(
      cue(0, 2, 'the dragon'),
      cue(2, 4, 'the dragon\nsleeps under'),
      cue(4, 6, 'sleeps under\nthe hill'),
    );
    expect(shown(readCaptions(rolling))).to.deep.equal(['the dragon sleeps under the hill']);
  });

  it('joins the lines that live captions show again as they grow', () => {
    const growing = vtt(cue(0, 1, 'the'), cue(1, 2, 'the dragon'), cue(2, 3, 'the dragon sleeps'), cue(3, 4, 'now'));
    expect(shown(readCaptions(growing))).to.deep.equal(['the dragon sleeps now']);
  });

  it('keeps what people say again, and joins a cue that is shown twice', () => {
    const said = vtt(
      cue(0, 1, 'No.'),
      cue(3, 4, 'No.'),
      cue(5, 6, 'Yes.'),
      cue(6, 7, 'Yes.'),
      cue(7, 8, 'Go'),
      cue(8, 9, 'Go on.'),
      ...Array.from({ length: 9 }, (_, i) => cue(20 + i * 2, 21 + i * 2, `line ${i}`)),
    );
    expect(shown(readCaptions(said))[0]).to.equal('No. No. Yes. Go Go on.');
  });

  it('makes passages that say when they begin', () => {
    const cues = Array.from({ length: 400 }, (_, i) =>
      cue(i * 5, i * 5 + 5, `This is sentence ${i} of what they said.`),
    );
    const passages = passagesOf(readCaptions(vtt(...cues)));
    expect(passages.length).to.be.within(8, 10);
    for (const { text, timeCode } of passages) {
      const first = Number(/sentence (\d+)/.exec(text)?.[1]);
      expect(timeCode).to.equal(time(first * 5).slice(0, 8));
    }
    expect(passages.flatMap(({ text }) => text.match(/\d+/g) ?? [])).to.deep.equal(cues.map((_, i) => String(i)));
  });

  it('refuses captions without any cue, and reads those that are cut off as far as they go', async () => {
    expect(await refusalOf('WEBVTT\n\nNOTE nothing')).to.equal('unreadable unreadable no_text');
    expect(shown(readCaptions(`${vtt(cue(0, 1, 'Whole.'))}\n00:00:03.000 --> 00:0`))).to.deep.equal(['Whole.']);
  });

  it('reads hostile captions in bounded time', () => {
    readCaptions(vtt(...Array.from({ length: 50_000 }, () => '00:00.000 --> 00:00.000\n<<<<<\n')));
    readCaptions(`WEBVTT\n\n00:00.000 --> 00:01.000\n${'<v '.repeat(300_000)}`);
    readCaptions(`WEBVTT\n\n00:00.000 --> 00:01.000\n${'a\n'.repeat(500_000)}`);
  });
});
