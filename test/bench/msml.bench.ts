import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeMsml, DIALECTS, encodeMsml } from '@legato/msml';
import type { MsmlDialect, MsmlDocument } from '@legato/msml';

/** One line of the report. */
export interface BenchResult {
  name: string;
  perSecond: number;
  microseconds: number;
}

const WARM_UP_MS = 200;
const MEASURE_MS = 800;

const examples = join(__dirname, '../fixtures/msml/examples/corrected');
const dialog = readFileSync(join(examples, '42-play-collect-group.xml'));
const event = Buffer.from(
  '<?xml version="1.0" encoding="US-ASCII"?>\r\n<msml version="1.1">\r\n' +
    '<event name="app.startingRecord" id="conf:002221c6082350d233/dialog:PRLeg708">\r\n</event>\r\n</msml>\r\n',
);
const result = Buffer.from(
  '<msml version="1.1"><result response="200"/><dialogid>conn:1/dialog:2</dialogid></msml>',
);
const exit = Buffer.from(
  '<?xml version="1.0" encoding="utf-8"?><msml version="1.1"><event name="moml.exit" id="conn:1/dialog:2">' +
    ['record.end', 'record.len', 'record.recordid']
      .map((name) => `<name>${name}</name><value>10020</value>`)
      .join('') +
    '</event></msml>',
);
/** What a media server with fifty conferences answers to an audit. */
const audit = encodeMsml({
  kind: 'result',
  result: {
    response: '200',
    confIds: [],
    dialogIds: [],
    auditResults: Array.from({ length: 50 }, (_, at) => ({
      targetid: `conf:${at}`,
      dialog: [{ name: 'rec', type: 'application/moml+xml', primitive: 'record', duration: '12' }],
      stream: [{ joinwith: 'conn:1', media: 'audio' as const, dir: 'from' as const }],
    })),
  },
});
const recordBoth: MsmlDocument = {
  kind: 'request',
  operations: [
    { element: 'createconference', name: 'call_1', deletewhen: 'nomedia', term: false, audiomix: {} },
    { element: 'unjoin', id1: 'conn:1', id2: 'conn:2' },
    { element: 'join', id1: 'conn:1', id2: 'conf:call_1' },
    { element: 'join', id1: 'conn:2', id2: 'conf:call_1' },
    {
      element: 'dialogstart',
      target: 'conf:call_1',
      type: 'application/moml+xml',
      name: 'rec_1',
      content: [
        { element: 'record', dest: 'file://rec_1.wav', format: 'audio/wav;codecs=L16', maxtime: '3600s' },
      ],
    },
  ],
};
const join2: MsmlDocument = {
  kind: 'request',
  operations: [{ element: 'join', id1: 'conn:74jgd63956ts', id2: 'conf:abc', streams: [{ media: 'audio' }] }],
};

/** Bodies that cost the most of all that a peer may send within the limits; none may take 50 ms. */
const hostile: readonly [string, Buffer][] = [
  ['4,000 elements', Buffer.from(`<msml version="1.1">${'<join/>'.repeat(4000)}</msml>`)],
  [
    '2,000 attributes',
    Buffer.from(`<msml version="1.1">${'<a b="1" c="2" d="3" e="4"/>'.repeat(500)}</msml>`),
  ],
  ['64 kB of references', Buffer.from(`<msml version="1.1">${'&#65;'.repeat(13_000)}</msml>`)],
  ['64 kB of "<"', Buffer.alloc(65_536, '<')],
  ['64 kB of quotes', Buffer.from(`<msml version="${'\'"'.repeat(32_000)}`)],
  ['64 kB of comments', Buffer.from(`<msml version="1.1">${'<!-- -->'.repeat(4000)}</msml>`)],
  ['64 kB of open comments', Buffer.from(`<msml>${'<!--'.repeat(4000)}`)],
  ['64 kB of spaces and text', Buffer.from(`<msml version="1.1">${' '.repeat(60_000)}x`)],
  ['60 groups in each other', Buffer.from(nested(60))],
];

function nested(levels: number): string {
  const open = '<group topology="serial">'.repeat(levels);
  return `<msml version="1.1"><dialogstart target="conn:1">${open}${'</group>'.repeat(levels)}</dialogstart></msml>`;
}

function measure(name: string, work: () => void): BenchResult {
  runFor(WARM_UP_MS, work);
  const { count, elapsedMs } = runFor(MEASURE_MS, work);
  return {
    name,
    perSecond: Math.round((count * 1000) / elapsedMs),
    microseconds: (elapsedMs * 1000) / count,
  };
}

function runFor(durationMs: number, work: () => void): { count: number; elapsedMs: number } {
  const start = performance.now();
  let count = 0;
  let elapsedMs = 0;
  while (elapsedMs < durationMs) {
    work();
    count += 1;
    elapsedMs = performance.now() - start;
  }
  return { count, elapsedMs };
}

/** Encode and decode of common bodies, and the decode of hostile ones; scripts/ts-hook.cjs loads this file as it is. */
export function benchMsml(): BenchResult[] {
  const decoded = decodeMsml(dialog);
  if (!decoded.ok) throw new Error(decoded.error.description);
  return [
    measure('decode an event (164 bytes)', () => decodeMsml(event)),
    measure('decode a result', () => decodeMsml(result)),
    measure(`decode the exit of a recording (${exit.length} bytes)`, () => decodeMsml(exit)),
    measure(`decode an audit of fifty conferences (${audit.length} bytes)`, () => decodeMsml(audit)),
    measure(`decode a dialog (${dialog.length} bytes)`, () => decodeMsml(dialog)),
    measure('encode a join', () => encodeMsml(join2)),
    measure('encode a dialog', () => encodeMsml(decoded.value)),
    ...(Object.keys(DIALECTS) as MsmlDialect[]).map((dialect) =>
      measure(`encode a mixed recording as ${dialect}`, () => encodeMsml(recordBoth, dialect)),
    ),
    ...hostile.map(([name, bytes]) => measure(`decode ${name}`, () => decodeMsml(bytes))),
  ];
}
