/** Decodes text: by its byte order mark, else as UTF-8, else as Windows-1252, which latin1 is mostly meant to be. */
import { unreadable } from './refusals.ts';

/** Characters that no text begins with. The others of their kind are tabs, line ends, form feeds and escapes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const CONTROLS = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/;

/** Returns the text without its mark and with \n as line end. Refuses (`not_text`) what has a NUL in it. */
export function decodeText(bytes: Uint8Array): string {
  const text = decoded(bytes, false);
  if (text.includes('\0')) throw unreadable('not_text');
  return text.replace(/\r\n?/g, '\n');
}

/** Returns the beginning of a text as it stands, or undefined if it is none. `bytes` may end within a character. */
export function decodeHead(bytes: Uint8Array): string | undefined {
  const text = decoded(bytes, true);
  return CONTROLS.test(text) ? undefined : text;
}

function decoded(bytes: Uint8Array, isHead: boolean): string {
  const mark = markedEncoding(bytes);
  // `stream` lets a head end within a character.
  if (mark !== undefined) return new TextDecoder(mark).decode(bytes, { stream: isHead });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isHead });
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function markedEncoding([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
}
