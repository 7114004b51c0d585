/** Creates and parses API tokens, `tk_<public id>_<secret><checksum>`: a form that secret scanners can recognise. */
import { hash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { ApiTokenSecrets } from '#application/identity/ports.ts';
import type { ApiTokenId } from '#domain/shared/ids.ts';

/** The digits of base 62, in ascending order. */
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SECRET_BYTES = 32;
/** Enough digits for any value: 62 ** 43 exceeds 2 ** 256, and 62 ** 6 exceeds the 2 ** 32 of the checksum. */
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const TOKEN_PATTERN = new RegExp(`^tk_[0-9a-z]{1,40}_[0-9A-Za-z]{${SECRET_LENGTH + CHECKSUM_LENGTH}}$`);

export class RandomApiTokenSecrets implements ApiTokenSecrets {
  issue(id: ApiTokenId): Readonly<{ token: string; prefix: string; digest: string }> {
    const prefix = `tk_${publicPart(id)}`;
    const secret = inBase62(BigInt(`0x${randomBytes(SECRET_BYTES).toString('hex')}`), SECRET_LENGTH);
    const signed = `${prefix}_${secret}`;
    const token = signed + checksumOf(signed);
    return { token, prefix, digest: hash('sha256', token) };
  }

  digest(presented: string): string | null {
    if (!TOKEN_PATTERN.test(presented)) return null;
    const signed = presented.slice(0, -CHECKSUM_LENGTH);
    return checksumOf(signed) === presented.slice(-CHECKSUM_LENGTH) ? hash('sha256', presented) : null;
  }
}

/** The id without its prefix and hyphens, so that a double click selects the whole token. */
function publicPart(id: ApiTokenId): string {
  return id.slice(id.indexOf('_') + 1).replaceAll('-', '');
}

/** A CRC-32, which rejects mistyped and truncated tokens without a look-up. It is no authentication. */
function checksumOf(text: string): string {
  return inBase62(BigInt(crc32(text)), CHECKSUM_LENGTH);
}

/** Writes a value in base 62, padded with zeros on the left. */
function inBase62(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; rest > 0n; rest /= 62n) text = DIGITS[Number(rest % 62n)] + text;
  return text.padStart(length, '0');
}
