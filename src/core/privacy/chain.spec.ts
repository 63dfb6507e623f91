import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import {
  canonicalJson,
  ChainCheck,
  chainStart,
  extendChain,
  linkHash,
  type ChainedRow,
  type ChainHead,
  type JsonValue,
} from './chain.js';

const sha256 = (...parts: readonly Uint8Array[]): Uint8Array => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

describe('canonical JSON', () => {
  it('is that of the example in RFC 8785 §3.2.2 and §3.2.3', () => {
    const input = JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`) as JsonValue;
    expect(canonicalJson(input)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  it('is in UTF-8 the bytes of RFC 8785 §3.2.4', () => {
    const text = canonicalJson({ literals: [null, true, false], string: '€$\u000f\nA' });
    expect(Buffer.from(text, 'utf8').toString('hex')).toContain('e282ac245c75303030665c6e41');
  });

  it('sorts members by UTF-16 code units, as in the test of RFC 8785 §3.2.3', () => {
    const input = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\u{1f600}': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    expect(Object.values(JSON.parse(canonicalJson({ at: Object.keys(input) })) as object)).toHaveLength(1);
    const values = [...canonicalJson(input).matchAll(/:"([^"]*)"/g)].map(([, value]) => value);
    expect(values).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it.each([
    [0, '0'],
    [-0, '0'],
    [5e-324, '5e-324'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [9007199254740992, '9007199254740992'],
    [295147905179352830000, '295147905179352830000'],
    [1e23, '1e+23'],
    [333333333.3333332, '333333333.3333332'],
  ])('writes %d as RFC 8785 Appendix B does', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, '\ud83d'])('refuses %p, which has no form', (value) => {
    expect(() => canonicalJson(value)).toThrow();
  });
});

describe('a link', () => {
  it('is the SHA-256 of the hash before it and the canonical row', () => {
    // FIPS 180-2, B.1: SHA-256 of "abc"; here in two parts, the way a link is made.
    const nist = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(Buffer.from(sha256(Buffer.from('a'), Buffer.from('bc'))).toString('hex')).toBe(nist);
    const byHand = createHash('sha256').update(Buffer.alloc(32)).update('{"a":"x","seq":1}', 'utf8').digest();
    expect(Buffer.from(linkHash(sha256, chainStart, { seq: 1, a: 'x' }))).toEqual(byHand);
  });
});

describe('the check of a chain', () => {
  const rowsOf = (count: number): { rows: ChainedRow[]; head: ChainHead } => {
    const words = Array.from({ length: count }, (_, index) => `word ${index}`);
    const toRecord = (word: string, seq: number) => ({ seq, word });
    const { links, head } = extendChain(sha256, { count: 0, hash: chainStart }, words, toRecord);
    return { rows: links.map(({ row, ...link }) => ({ ...link, record: toRecord(row, link.seq) })), head };
  };
  const found = (rows: readonly ChainedRow[], head: ChainHead | null, anchor: ChainHead | null = null) => {
    const check = new ChainCheck(sha256, head, anchor);
    for (const row of rows) check.add(row);
    return check.finish();
  };

  it('finds nothing in a chain that is as it was made, of any length and through any earlier head', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), fc.nat(), (count, at) => {
        const { rows, head } = rowsOf(count);
        const earlier = rows[at % Math.max(1, count)];
        const anchor = earlier ? { count: earlier.seq, hash: earlier.hash } : null;
        expect(found(rows, count === 0 ? null : head, anchor)).toEqual([]);
      }),
    );
  });

  it('names the one row whose content was changed', () => {
    const { rows, head } = rowsOf(5);
    const tampered = rows.map((row) => (row.seq === 3 ? { ...row, record: { seq: 3, word: 'other' } } : row));
    expect(found(tampered, head)).toEqual([{ kind: 'changed', seq: 3 }]);
  });

  it('names a row that was changed and given the hash of its new content', () => {
    const { rows, head } = rowsOf(5);
    const record = { seq: 3, word: 'other' };
    const tampered = rows.map((row) =>
      row.seq === 3 ? { ...row, record, hash: linkHash(sha256, row.previousHash, record) } : row,
    );
    expect(found(tampered, head)).toEqual([{ kind: 'replaced', seq: 3 }]);
  });

  it('names rows that are gone, at the start, between and at the end', () => {
    const { rows, head } = rowsOf(6);
    expect(found(rows.slice(2), head)).toEqual([{ kind: 'missing', seq: 1, lastSeq: 2 }]);
    expect(found(rows.toSpliced(2, 2), head)).toEqual([{ kind: 'missing', seq: 3, lastSeq: 4 }]);
    expect(found(rows.slice(0, 4), head)).toEqual([{ kind: 'missing-at-end', seq: 5, lastSeq: 6 }]);
  });

  it('names rows that changed places', () => {
    const { rows, head } = rowsOf(4);
    const [first, second, third, last] = rows as [ChainedRow, ChainedRow, ChainedRow, ChainedRow];
    const swapped = [first, { ...third, seq: 2 }, { ...second, seq: 3 }, last].map((row) => ({
      ...row,
      record: { ...row.record, seq: row.seq },
    }));
    const kinds = found(swapped, head).filter(({ kind }) => kind === 'changed');
    expect(kinds).toEqual([
      { kind: 'changed', seq: 2 },
      { kind: 'changed', seq: 3 },
    ]);
  });

  it('needs a head noted elsewhere to tell a chain that was written anew or cut off together with its head', () => {
    const { rows, head } = rowsOf(4);
    const third = rows[2]!;
    const cut = { count: 3, hash: third.hash };
    expect(found(rows.slice(0, 3), cut)).toEqual([]);
    expect(found(rows.slice(0, 3), cut, head)).toEqual([{ kind: 'missing-at-end', seq: 4, lastSeq: 4 }]);
    const other = { count: 4, hash: chainStart };
    expect(found(rows, head, other)).toEqual([{ kind: 'not-as-anchored', seq: 4 }]);
  });

  it('finds rows behind the head, and a head that is gone or changed', () => {
    const { rows, head } = rowsOf(2);
    expect(found(rows, { count: 1, hash: rows[0]!.hash })).toEqual([{ kind: 'past-head', seq: 2 }]);
    expect(found(rows, null)).toEqual([{ kind: 'head-missing' }]);
    expect(found(rows, { ...head, hash: chainStart })).toEqual([{ kind: 'head-changed' }]);
  });
});
