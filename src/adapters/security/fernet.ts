/** The Fernet format (github.com/fernet/spec): authenticated encryption by AES-128-CBC, then HMAC-SHA-256. */
import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';

const VERSION = 0x80;
const ALGORITHM = 'aes-128-cbc';
const BLOCK_BYTES = 16;
const MAC_BYTES = 32;
/** The version byte and the time, a 64-bit number of seconds. The IV follows. */
const HEADER_BYTES = 1 + 8;
/** The tolerance for a token from the future, when its age is checked, because clocks differ. */
const MAX_CLOCK_SKEW_SECONDS = 60;
/** 32 bytes in URL-safe Base64, with or without padding. */
const KEY_PATTERN = /^[\w-]{43}=?$/;
const TOKEN_PATTERN = /^[\w-]+={0,2}$/;

/** 16 bytes each. */
export type FernetKey = Readonly<{ signing: Buffer; encryption: Buffer }>;

/** Parses a key; undefined if the text is none. */
export function parseFernetKey(text: string): FernetKey | undefined {
  if (!KEY_PATTERN.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  return { signing: bytes.subarray(0, BLOCK_BYTES), encryption: bytes.subarray(BLOCK_BYTES) };
}

/** Returns a token that contains `text`. `iv` must be 16 random bytes that are never used again. */
export function sealFernet(key: FernetKey, text: string, { now, iv }: Readonly<{ now: Date; iv: Buffer }>): string {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(VERSION);
  header.writeBigUInt64BE(BigInt(Math.floor(now.getTime() / 1_000)), 1);
  const cipher = createCipheriv(ALGORITHM, key.encryption, iv);
  const signed = Buffer.concat([header, iv, cipher.update(text, 'utf8'), cipher.final()]);
  return padded(Buffer.concat([signed, macOf(key, signed)]));
}

/**
 * Returns the text of a token; undefined if the token was not created with this key or was altered. Its age is checked
 * only if `age` is given. The MAC is verified, in constant time, before anything is decrypted.
 */
export function openFernet(
  key: FernetKey,
  token: string,
  age?: Readonly<{ now: Date; ttlSeconds: number }>,
): string | undefined {
  const bytes = Buffer.from(token, 'base64url');
  if (!TOKEN_PATTERN.test(token) || !isWellFormed(bytes)) return undefined;
  const signed = bytes.subarray(0, -MAC_BYTES);
  if (!timingSafeEqual(macOf(key, signed), bytes.subarray(-MAC_BYTES))) return undefined;
  if (age !== undefined && !isWithinTtl(signed, age)) return undefined;
  return decrypted(key, signed);
}

/** Whether the bytes have the known version and the length of header, IV, one or more whole blocks, and MAC. */
function isWellFormed(bytes: Buffer): boolean {
  const encrypted = bytes.length - HEADER_BYTES - BLOCK_BYTES - MAC_BYTES;
  return encrypted >= BLOCK_BYTES && encrypted % BLOCK_BYTES === 0 && bytes[0] === VERSION;
}

function isWithinTtl(signed: Buffer, { now, ttlSeconds }: Readonly<{ now: Date; ttlSeconds: number }>): boolean {
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
    // The padding is invalid, although the MAC is right: the token was created by a faulty implementation.
    return undefined;
  }
}

function macOf(key: FernetKey, signed: Buffer): Buffer {
  return createHmac('sha256', key.signing).update(signed).digest();
}

/** Encodes bytes in URL-safe Base64 with padding, which the format requires and Node leaves out. */
function padded(bytes: Buffer): string {
  const text = bytes.toString('base64url');
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}
