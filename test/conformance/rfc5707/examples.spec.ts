import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeMsml, encodeMsml } from '@legato/msml';
import { canonicalXml } from './canonical-xml';
import { schemaVerdicts } from './schema-verdicts';

const folder = join(__dirname, '../../fixtures/msml/examples');
const names = readdirSync(join(folder, 'corrected')).sort();
const corrected = (name: string): Buffer => readFileSync(join(folder, 'corrected', name));
const verbatim = (name: string): Buffer => readFileSync(join(folder, 'verbatim', name));

/** Examples that are no msml document as they stand in the RFC: fragments, and those that are not well-formed. */
const FRAGMENTS = [2, 4, 5, 6, 7, 8, 15, 17, 18, 19, 34, 35, 36];
const NOT_WELL_FORMED = [6, 8, 25, 34];

/** A media server may leave out maxtime, the RFC's own skeleton examples leave out more; all else holds strictly. */
const numberOf = (name: string): number => Number(name.slice(0, 2));

describe('the examples of RFC 5707, corrected', () => {
  it('are 58', () => {
    expect(names).toHaveLength(58);
  });

  it.each(names)(
    '%s is read by the rules of a media server, and written back as an equivalent document',
    (name) => {
      const bytes = corrected(name);
      const decoded = decodeMsml(bytes);
      if (!decoded.ok) throw new Error(decoded.error.description);
      const encoded = encodeMsml(decoded.value);
      expect(canonicalXml(encoded)).toEqual(canonicalXml(bytes));
      expect(decodeMsml(encoded)).toEqual(decoded);
    },
  );

  it('are valid against the reconciled schema after decode and encode', () => {
    const written = names.map((name) => {
      const decoded = decodeMsml(corrected(name));
      return decoded.ok ? encodeMsml(decoded.value) : Buffer.alloc(0);
    });
    expect(schemaVerdicts(written)).toEqual(names.map(() => null));
  });
});

describe('the examples of RFC 5707, as they stand there', () => {
  const whole = names.filter((name) => ![...FRAGMENTS, ...NOT_WELL_FORMED].includes(numberOf(name)));

  it.each(whole)('%s is read leniently, and written back as an equivalent document', (name) => {
    const decoded = decodeMsml(verbatim(name), { mode: 'lenient' });
    if (!decoded.ok) throw new Error(decoded.error.description);
    const again = decodeMsml(encodeMsml(decoded.value), { mode: 'lenient' });
    expect(again).toEqual(decoded);
  });

  it.each(names.filter((name) => NOT_WELL_FORMED.includes(numberOf(name))))(
    '%s is refused with 400',
    (name) => {
      const decoded = decodeMsml(verbatim(name), { mode: 'lenient' });
      expect(decoded).toMatchObject({ ok: false, error: { response: '400' } });
    },
  );

  it('reads a bare number of seconds only leniently (§8.4)', () => {
    const bytes = verbatim('03-modifyconference-asn.xml');
    expect(decodeMsml(bytes)).toMatchObject({ ok: false, error: { response: '410' } });
    expect(decodeMsml(bytes, { mode: 'lenient' })).toMatchObject({
      value: { operations: [{ audiomix: { asn: { ri: '4s' } } }] },
    });
  });
});
