/** The Fernet format, by the vectors that its specification publishes, and the cipher of several keys. */
import { expect } from 'chai';
import { openFernet, parseFernetKey, sealFernet } from '#adapters/security/fernet.ts';
import { FernetCipher } from '#adapters/security/fernet-cipher.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import { aFernetKey } from '../../support/builders/fernet-keys.ts';

/** The key of all published vectors. */
const SECRET = 'cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=';
const TTL_SECONDS = 60;

/** generate.json and verify.json. */
const GENERATED = {
  token: 'gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==',
  now: '1985-10-26T01:20:00-07:00',
  iv: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  src: 'hello',
};
const VERIFIED_AT = '1985-10-26T01:20:01-07:00';

/** invalid.json. */
const INVALID = [
  {
    desc: 'incorrect mac',
    token: 'gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykQUFBQUFBQUFBQQ==',
    now: '1985-10-26T01:20:01-07:00',
  },
  {
    desc: 'too short',
    token: 'gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPA==',
    now: '1985-10-26T01:20:01-07:00',
  },
  {
    desc: 'invalid base64',
    token: '%%%%%%%%%%%%%AECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykRtfsH-p1YsUD2Q==',
    now: '1985-10-26T01:20:01-07:00',
  },
  {
    desc: 'payload size not multiple of block size',
    token: 'gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPOm73QeoCk9uGib28Xe5vz6oxq5nmxbx_v7mrfyudzUm',
    now: '1985-10-26T01:20:01-07:00',
  },
  {
    desc: 'payload padding error',
    token: 'gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0ODz4LEpdELGQAad7aNEHbf-JkLPIpuiYRLQ3RtXatOYREu2FWke6CnJNYIbkuKNqOhw==',
    now: '1985-10-26T01:20:01-07:00',
  },
  {
    desc: 'far-future TS (unacceptable clock skew)',
    token: 'gAAAAAAdwStRAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAnja1xKYyhd-Y6mSkTOyTGJmw2Xc2a6kBd-iX9b_qXQcw==',
    now: '1985-10-26T01:20:01-07:00',
  },
  {
    desc: 'expired TTL',
    token: 'gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykRtfsH-p1YsUD2Q==',
    now: '1985-10-26T01:21:31-07:00',
  },
  {
    desc: 'incorrect IV (causes padding error)',
    token: 'gAAAAAAdwJ6xBQECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAkLhFLHpGtDBRLRTZeUfWgHSv49TF2AUEZ1TIvcZjK1zQ==',
    now: '1985-10-26T01:20:01-07:00',
  },
];

function keyOf(text: string) {
  const key = parseFernetKey(text);
  if (key === undefined) throw new Error('This is no key.');
  return key;
}

describe('the Fernet format', () => {
  const key = keyOf(SECRET);

  it('generates the published token', () => {
    const token = sealFernet(key, GENERATED.src, { now: new Date(GENERATED.now), iv: Buffer.from(GENERATED.iv) });
    expect(token).to.equal(GENERATED.token);
  });

  it('verifies the published token, with and without a time to live', () => {
    const age = { now: new Date(VERIFIED_AT), ttlSeconds: TTL_SECONDS };
    expect(openFernet(key, GENERATED.token, age)).to.equal(GENERATED.src);
    expect(openFernet(key, GENERATED.token)).to.equal(GENERATED.src);
  });

  for (const { desc, token, now } of INVALID) {
    it(`refuses the published invalid token: ${desc}`, () => {
      expect(openFernet(key, token, { now: new Date(now), ttlSeconds: TTL_SECONDS })).to.equal(undefined);
    });
  }

  it('refuses a token with any byte changed, truncated at any byte, or extended', () => {
    const bytes = Buffer.from(GENERATED.token, 'base64url');
    for (let place = 0; place < bytes.length; place++) {
      const changed = Buffer.from(bytes);
      changed[place] = (changed[place] as number) ^ 1;
      expect(openFernet(key, changed.toString('base64url')), `byte ${place}`).to.equal(undefined);
      expect(openFernet(key, bytes.subarray(0, place).toString('base64url')), `first ${place}`).to.equal(undefined);
    }
    expect(openFernet(key, Buffer.concat([bytes, Buffer.alloc(16)]).toString('base64url'))).to.equal(undefined);
  });

  it('refuses a token with foreign characters before, within or after it, which Base64 would skip', () => {
    const { token } = GENERATED;
    for (const text of [`%${token}`, `\n${token}`, `${token.slice(0, 8)} ${token.slice(8)}`, `${token}%`, `${token}\n`])
      expect(openFernet(key, text), text).to.equal(undefined);
  });

  it('accepts only keys of 32 bytes in URL-safe Base64', () => {
    expect(parseFernetKey(SECRET.slice(0, -1))).to.deep.equal(key);
    for (const text of ['', 'secret', SECRET.slice(1), `${SECRET}=`, `x${SECRET}`, SECRET.replace('_', '/')]) {
      expect(parseFernetKey(text), text).to.equal(undefined);
    }
  });
});

describe('the cipher', () => {
  const clock = { now: () => new Date() };
  const [older, newer] = [keyOf(aFernetKey()), keyOf(aFernetKey())];
  const cipherOf = (...keys: (typeof older)[]) => new FernetCipher({ keys, clock });

  it('decrypts what it encrypted, and encrypts the same text differently each time', () => {
    const cipher = cipherOf(newer);
    for (const text of ['', 'refresh', 'Élise “Lis” 🐉'.repeat(500)]) {
      const [one, two] = [cipher.encrypt(text), cipher.encrypt(text)];
      expect(one).not.to.equal(two);
      expect([cipher.decrypt(one), cipher.decrypt(two)]).to.deep.equal([text, text]);
    }
  });

  it('encrypts under the first key, decrypts under all, and identifies the key of a value', () => {
    const [before, after] = [cipherOf(older), cipherOf(newer, older)];
    const [old, fresh] = [before.encrypt('lair'), after.encrypt('lair')];
    expect([after.decrypt(old), after.decrypt(fresh), cipherOf(newer).decrypt(fresh)]).to.deep.equal(
      Array(3).fill('lair'),
    );
    expect([after.keyOf(old), after.keyOf(fresh), before.keyOf(fresh)]).to.deep.equal([1, 0, undefined]);
    expect(() => before.decrypt(fresh)).to.throw(/none of the configured keys/);
  });

  it('decrypts values of any age', () => {
    const longAgo = new FernetCipher({ keys: [newer], clock: { now: () => new Date(0) } });
    expect(cipherOf(newer).decrypt(longAgo.encrypt('lair'))).to.equal('lair');
  });

  it('refuses to encrypt without a key, and names the setting', () => {
    expect(cipherOf().isConfigured).to.equal(false);
    expect(() => cipherOf().encrypt('lair'))
      .to.throw(DomainError, /FERNET_KEYS/)
      .with.property('code', 'encryption_not_configured');
  });
});
