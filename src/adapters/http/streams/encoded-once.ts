/** Events as they are sent: made once, for however many follow. */
import type { SentEvent } from '../declaration/events.ts';

export function encodedOnce(encode: (sent: SentEvent) => string): (sent: SentEvent) => Buffer {
  const encoded = new WeakMap<SentEvent, Buffer>();
  return (sent) => {
    const known = encoded.get(sent);
    if (known !== undefined) return known;
    const bytes = Buffer.from(encode(sent));
    encoded.set(sent, bytes);
    return bytes;
  };
}
