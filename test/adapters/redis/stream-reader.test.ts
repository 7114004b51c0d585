/** One listener's way through a stream: no event twice, none before its time, and none silently lost. */
import { expect } from 'chai';
import type { RedisCalls } from '#adapters/redis/link.ts';
import { LOST, StreamReader } from '#adapters/redis/stream-reader.ts';

describe('The reader of a stream', () => {
  let stream: [id: string, text: string][];
  let heard: unknown[];
  let reader: StreamReader<number>;
  /** Done while the stream is being read. */
  let meanwhile: () => void;

  const numberOf = (id: string) => id.split('-').reduce((sum, part) => sum * 1_000 + Number(part), 0);
  /** The two commands that it uses, over the test's own stream. */
  async function command(name: string, _key: string, from: string, ...rest: readonly string[]): Promise<unknown> {
    const entries = stream.map(([id, text]) => [id, ['event', text]] as const);
    if (name === 'XREVRANGE') {
      expect([from, ...rest]).to.deep.equal(['+', '-', 'COUNT', '1']);
      return entries.slice(-1);
    }
    meanwhile();
    return entries.filter(([id]) => numberOf(id) >= numberOf(from));
  }

  beforeEach(() => {
    [stream, heard, meanwhile] = [[], [], () => {}];
    const listener = {
      onEvent: ({ id, event }: { id: string; event: number }) => heard.push([id, event]),
      onLost: () => heard.push('lost'),
    };
    reader = new StreamReader({ redis: { command } as Pick<RedisCalls, 'command'>, key: 'events', listener });
  });

  it('begins with the next event where none is named', async () => {
    stream = [['5-0', '1']];
    await reader.begin();
    await reader.catchUp();
    stream.push(['6-0', '2']);
    reader.take('6-0 2');
    expect(heard).to.deep.equal([['6-0', 2]]);
  });

  it('begins after the event that is named, where the stream still has it', async () => {
    stream = [
      ['5-0', '1'],
      ['5-1', '2'],
      ['6-0', '3'],
    ];
    await reader.begin('5-0');
    await reader.catchUp();
    expect(heard).to.deep.equal([
      ['5-1', 2],
      ['6-0', 3],
    ]);
  });

  it('says that events are lost, and begins with the next, where the one that is named is gone', async () => {
    stream = [
      ['6-0', '3'],
      ['7-0', '4'],
    ];
    await reader.begin('5-0');
    meanwhile = () => reader.take('7-0 4');
    await reader.catchUp();
    reader.take('8-0 5');
    expect(heard).to.deep.equal(['lost', ['8-0', 5]]);
  });

  it('says that events are lost where what is named can be no event', async () => {
    stream = [['6-0', '3']];
    for (const [n, after] of ['', '6', '6-0 ', 'x6-0', `${'1'.repeat(16)}-0`, '-'].entries()) {
      await reader.begin(after);
      expect(heard, after).to.deep.equal(Array(n + 1).fill('lost'));
    }
    await reader.catchUp();
    expect(heard.at(-1)).to.equal('lost');
  });

  it('tells what came while the stream was read, after what the stream had, and once', async () => {
    stream = [['5-0', '1']];
    await reader.begin('5-0');
    meanwhile = () => {
      stream.push(['6-0', '2']);
      reader.take('6-0 2');
      reader.take('7-0 3');
    };
    await reader.catchUp();
    expect(heard).to.deep.equal([
      ['6-0', 2],
      ['7-0', 3],
    ]);
  });

  it('holds messages back from an interruption on until the stream was read again', async () => {
    await reader.begin();
    await reader.catchUp();
    reader.wait();
    reader.take('7-0 2');
    reader.wait();
    expect(heard).to.deep.equal([]);
    stream = [['6-0', '1']];
    await reader.catchUp();
    stream = [
      ['7-0', '2'],
      ['8-0', '3'],
    ];
    meanwhile = () => reader.take('9-0 4');
    await reader.catchUp();
    expect(heard).to.deep.equal([
      ['6-0', 1],
      ['7-0', 2],
      ['8-0', 3],
      ['9-0', 4],
    ]);
  });

  it('takes ids in their order as numbers, and tells no event again', async () => {
    await reader.begin();
    await reader.catchUp();
    for (const message of ['9-9 1', '9-10 2', '9-9 3', '10-0 4', '9-11 5', '10-0 6']) reader.take(message);
    expect(heard).to.deep.equal([
      ['9-9', 1],
      ['9-10', 2],
      ['10-0', 4],
    ]);
  });

  it('says in its place that events were lost on their way to the stream', async () => {
    await reader.begin();
    await reader.catchUp();
    for (const message of ['1-0 1', `2-0 ${LOST}`, '3-0 2']) reader.take(message);
    expect(heard).to.deep.equal([['1-0', 1], 'lost', ['3-0', 2]]);
  });

  it('tells nothing any more once it is ended, neither events nor losses', async () => {
    stream = [['6-0', '3']];
    await reader.begin('6-0');
    reader.end();
    stream = [['7-0', '4']];
    await reader.catchUp();
    reader.take('8-0 5');
    expect(heard).to.deep.equal([]);
  });
});
