/** How events are written: told apart, kept alive in silence, and not to who does not read. */

import type { ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { type SinonFakeTimers, useFakeTimers } from 'sinon';
import type { EventReceiver } from '#adapters/http/declaration/events.ts';
import type { LiveObserver } from '#adapters/http/streams/live-observer.ts';
import { sendEvents } from '#adapters/http/streams/server-sent-events.ts';

const FIRST = /^retry: [12]\d{3}\n\n/;

describe('the sender of events', () => {
  let timers: SinonFakeTimers;
  let closing: AbortController;
  let connection: PassThrough;
  let receiver: EventReceiver;
  let log: string[];

  beforeEach(() => {
    timers = useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    closing = new AbortController();
    connection = new PassThrough({ highWaterMark: 100 });
    connection.on('error', () => undefined);
    log = [];
  });
  afterEach(() => timers.restore());

  function send(): Promise<unknown> {
    const live: LiveObserver = {
      opened: (transport) => log.push(`opened ${transport}`),
      told: (event) => log.push(event),
      closed: (transport, why) => log.push(`closed ${transport} ${why}`),
    };
    const events = {
      start: (given: EventReceiver) => {
        receiver = given;
      },
      close: () => log.push('let go'),
    };
    return sendEvents(connection as unknown as ServerResponse, events, { closing: closing.signal, live });
  }
  const written = () => String(connection.read() ?? '');

  it('writes id, name and data of each, and no id where there is none', () => {
    void send();
    receiver.send({ event: 'message', id: '3.1', data: { content: 'a\nb' } });
    receiver.send({ event: 'reply.delta', id: null, data: {} });
    expect(written().replace(FIRST, '')).to.equal(
      'id: 3.1\nevent: message\ndata: {"content":"a\\nb"}\n\nevent: reply.delta\ndata: {}\n\n',
    );
    expect(log).to.deep.equal(['opened sse', 'message', 'reply.delta']);
  });

  it('writes a comment every 15 s, but not behind what is not read', () => {
    void send();
    written();
    timers.tick(15_000);
    timers.tick(15_000);
    expect(written()).to.equal(':\n\n:\n\n');
    receiver.send({ event: 'message', id: '1.0', data: 'x'.repeat(500) });
    timers.tick(60_000);
    expect(written()).to.match(/^id: 1\.0[\s\S]*x"\n\n$/);
  });

  it('breaks the connection of who leaves more than a megabyte unread, once there is more to tell', async () => {
    const sent = send();
    const data = 'x'.repeat(1024 * 1024);
    receiver.send({ event: 'message', id: '1.0', data });
    expect(connection.destroyed).to.equal(false);
    receiver.send({ event: 'usage', id: '1.0', data: {} });
    expect(connection.destroyed).to.equal(true);
    expect(await sent).to.equal(undefined);
    expect(log).to.deep.equal(['opened sse', 'message', 'let go', 'closed sse too_slow']);
  });

  it('says when there is room: when what was written is read, or nobody will read it', async () => {
    const sent = send();
    written();
    await receiver.drained();
    receiver.send({ event: 'message', id: '1.0', data: 'x'.repeat(5_000) });
    let hasRoom = false;
    const room = receiver.drained().then(() => {
      hasRoom = true;
    });
    await new Promise(setImmediate);
    expect(hasRoom).to.equal(false);
    connection.resume();
    await room;
    connection.pause();
    receiver.send({ event: 'message', id: '2.0', data: 'x'.repeat(5_000) });
    const never = receiver.drained();
    connection.destroy();
    await never;
    await sent;
  });

  it('ends with when to come back as the server stops, and is told nothing from then on', async () => {
    const sent = send();
    connection.resume();
    const text: string[] = [];
    connection.on('data', (chunk) => text.push(String(chunk)));
    closing.abort();
    receiver.send({ event: 'message', id: '1.0', data: {} });
    expect(await sent).to.equal(undefined);
    expect(text.join('')).to.match(/^retry: [12]\d{3}\n\nretry: [12]\d{3}\n\n$/);
    expect(log).to.deep.equal(['opened sse', 'let go', 'closed sse closing']);
  });

  it('starts nothing where the server stops already', async () => {
    closing.abort();
    receiver = undefined as unknown as EventReceiver;
    const sent = send();
    connection.resume();
    await sent;
    expect([receiver, log]).to.deep.equal([undefined, ['opened sse', 'let go', 'closed sse closing']]);
  });

  it('ends where access has, and breaks where an event cannot be made, for which it answers', async () => {
    const ended = send();
    connection.resume();
    receiver.end();
    expect(await ended).to.equal(undefined);
    expect(connection.writableFinished).to.equal(true);
    connection = new PassThrough();
    const failure = new Error('The store is broken.');
    const failed = send();
    receiver.end(failure);
    expect(await failed).to.equal(failure);
    expect(connection.writableEnded).to.equal(false);
    expect(log.filter((line) => line.startsWith('closed'))).to.deep.equal([
      'closed sse access_ended',
      'closed sse failed',
    ]);
  });

  it('stops its heart, and lets go, when the client leaves', async () => {
    const sent = send();
    connection.destroy();
    await sent;
    expect(log).to.deep.equal(['opened sse', 'let go', 'closed sse client_gone']);
    expect(timers.countTimers()).to.equal(0);
  });
});
