/** The Fernet format: text that nobody can read or change without the key (AES-128-CBC, then HMAC-SHA-256). */
import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';

const VERSION = 0x80;
const ALGORITHM = 'aes-128-cbc';
const BLOCK_BYTES = 16;
const MAC_BYTES = 32;
/** Version and time; the IV follows. */
const HEADER_BYTES = 1 + 8;
/** How far in the future a token may have been made where its age matters: clocks differ. */
const MAX_CLOCK_SKEW_SECONDS = 60;
/** 32 bytes in URL-safe Base64; the padding may be left out. */
const KEY_FORM = /^[\w-]{43}=?$/;
const TOKEN_FORM = /^[\w-]+={0,2}$/;

export type FernetKey = Readonly<{ signing: Buffer; encryption: Buffer }>;

/** The key that a text stands for; undefined where it stands for none. */
export function parseFernetKey(text: string): FernetKey | undefined {
  if (!KEY_FORM.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  return { signing: bytes.subarray(0, BLOCK_BYTES), encryption: bytes.subarray(BLOCK_BYTES) };
}

/** A token that holds `text`. The 16 bytes of `iv` must be random, and used once. */
export function sealFernet(key: FernetKey, text: string, { now, iv }: Readonly<{ now: Date; iv: Buffer }>): string {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(VERSION);
  header.writeBigUInt64BE(BigInt(Math.floor(now.getTime() / 1_000)), 1);
  const cipher = createCipheriv(ALGORITHM, key.encryption, iv);
  const signed = Buffer.concat([header, iv, cipher.update(text, 'utf8'), cipher.final()]);
  return padded(Buffer.concat([signed, macOf(key, signed)]));
}

/**
 * What the token holds; undefined where it was not made with this key, or was changed since. A token may be of any age unless
 * `age` says otherwise.
 */
export function openFernet(
  key: FernetKey,
  token: string,
  age?: Readonly<{ now: Date; ttlSeconds: number }>,
): string | undefined {
  const bytes = Buffer.from(token, 'base64url');
  if (!TOKEN_FORM.test(token) || !hasForm(bytes)) return undefined;
  const signed = bytes.subarray(0, -MAC_BYTES);
  if (!timingSafeEqual(macOf(key, signed), bytes.subarray(-MAC_BYTES))) return undefined;
  if (age !== undefined && !isOfAge(signed, age)) return undefined;
  return decrypted(key, signed);
}

/** Whether there is a version that we know, an IV, at least one block, and a MAC. */
function hasForm(bytes: Buffer): boolean {
  const encrypted = bytes.length - HEADER_BYTES - BLOCK_BYTES - MAC_BYTES;
  return encrypted >= BLOCK_BYTES && encrypted % BLOCK_BYTES === 0 && bytes[0] === VERSION;
}

function isOfAge(signed: Buffer, { now, ttlSeconds }: Readonly<{ now: Date; ttlSeconds: number }>): boolean {
  const age = now.getTime() / 1_000 - Number(signed.readBigUInt64BE(1));
  return age <= ttlSeconds && age >= -MAX_CLOCK_SKEW_SECONDS;
}

function decrypted(key: FernetKey, signed: Buffer): string | undefined {
  const decipher = createDecipheriv(
    ALGORITHM,
    key.encryption,
    signed.subarray(HEADER_BYTES, HEADER_BYTES + BLOCK_BYTES),
  );
  try {
    const text = Buffer.concat([decipher.update(signed.subarray(HEADER_BYTES + BLOCK_BYTES)), decipher.final()]);
    return text.toString('utf8');
  } catch {
    return undefined;
  }
}

function macOf(key: FernetKey, signed: Buffer): Buffer {
  return createHmac('sha256', key.signing).update(signed).digest();
}

/** The format keeps the padding that Node leaves out. */
function padded(bytes: Buffer): string {
  const text = bytes.toString('base64url');
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}
