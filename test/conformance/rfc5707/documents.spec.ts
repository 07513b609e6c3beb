import { decodeMsml, DIALECTS, encodeMsml } from '@legato/msml';
import type { MsmlDialect, MsmlDocument } from '@legato/msml';
import fc from 'fast-check';
import { anyDocument } from './documents.arbitrary';
import { schemaVerdicts } from './schema-verdicts';

/** What the schema does not know of a dialect; the RFC's own has no exception. */
const OWN: Readonly<Partial<Record<MsmlDialect, RegExp>>> = {
  mavenir: /attribute 'recordingdest': The attribute 'recordingdest' is not allowed/,
};

/** A pattern of any digits means the same, and reads otherwise, where a dialect has settings for it. */
const asWritten = (document: MsmlDocument, dialect: MsmlDialect): unknown =>
  DIALECTS[dialect].digitPatterns === 'template'
    ? document
    : JSON.parse(JSON.stringify(document).replaceAll('"xxxx#"', '"min=4;max=4;rtk=#"'));

describe('generated documents', () => {
  it('are read as they were written (§7 to §10)', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        expect(decodeMsml(encodeMsml(document))).toEqual({ ok: true, value: document });
      }),
      { numRuns: 300 },
    );
  });

  it.each(Object.keys(DIALECTS) as MsmlDialect[])(
    'are read leniently as the dialect %s writes them',
    (dialect) => {
      fc.assert(
        fc.property(anyDocument, (document) => {
          const decoded = decodeMsml(encodeMsml(document, dialect), { mode: 'lenient' });
          if (!decoded.ok) throw new Error(decoded.error.description);
          expect({ ...decoded.value, extension: undefined }).toEqual(asWritten(document, dialect));
        }),
        { numRuns: 60 },
      );
    },
  );

  it.each(Object.keys(DIALECTS) as MsmlDialect[])(
    'are valid against the reconciled schema as the dialect %s writes them, but for what is its own',
    (dialect) => {
      const documents = fc.sample(anyDocument, 300).map((document) => encodeMsml(document, dialect));
      const invalid = schemaVerdicts(documents).flatMap((verdict, at) =>
        verdict === null || OWN[dialect]?.test(verdict) ? [] : [`${verdict} ${documents[at]?.toString()}`],
      );
      expect(invalid).toEqual([]);
    },
  );
});
