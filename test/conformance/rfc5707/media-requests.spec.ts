import type { MsmlOperation } from '@legato/msml';
import { decodeMsml, encodeMsml, explicitOperations } from '@legato/msml';
import { collectOperations } from '../../../libs/b2bua/src/media-control/collect-requests';
import { endOperations, FOREVER, playOperations } from '../../../libs/b2bua/src/media-control/play-requests';
import {
  pauseOperations,
  recordOperations,
  resumeOperations,
  stopRecordOperations,
} from '../../../libs/b2bua/src/media-control/record-requests';
import { schemaVerdicts } from './schema-verdicts';

const target = 'conn:a1b2';
const dialog = `${target}/dialog:rec_1`;
const sources = [
  { file: 'a/welcome.wav' },
  { url: 'https://example.com/a.wav?x=1&y=2' },
  { say: { as: 'date', value: '20261121', language: 'en-GB' } },
  { silence_ms: 500 },
] as const;
const waits = { barge: true, firstDigitMs: 5000, interDigitMs: 3000 };

const requests: Readonly<Record<string, MsmlOperation[]>> = {
  'a play of everything': playOperations(
    { targets: [target, 'conf:room'], name: 'play_1' },
    { sources, loop: 3, intervalMs: 250, barge: true },
  ),
  'a play without end': playOperations(
    { targets: [target], name: 'play_1' },
    { sources, loop: FOREVER, barge: false },
  ),
  'the end of plays': endOperations({ targets: [target, 'conf:room'], name: 'play_1' }),
  'a collection with a prompt': collectOperations(
    { target, name: 'collect_1.1' },
    { ...waits, prompt: sources, digits: { min: 4, max: 8, term: '#' } },
  ),
  'a collection without one': collectOperations(
    { target, name: 'collect_1.2' },
    { ...waits, prompt: [], digits: { pattern: 'x1*#' } },
  ),
  'a recording with every option': recordOperations(
    { target, name: 'rec_1' },
    {
      channels: 'mono',
      maxMs: 1500,
      maxSilenceMs: 3000,
      maxInitialSilenceMs: 5000,
      beep: true,
      sampleRateHz: 16_000,
    },
  ),
  'a recording of both channels': recordOperations({ target, name: 'rec_1' }, { channels: 'dual', maxMs: 1 }),
  'pauses and what follows': [
    ...pauseOperations(dialog, 'silence', 'karta č. <1> & "PIN"'),
    ...pauseOperations(dialog, 'silence'),
    ...pauseOperations(dialog, 'skip', 'why'),
    ...resumeOperations(dialog),
    ...stopRecordOperations(dialog, true),
    ...stopRecordOperations(dialog),
  ],
};

/** What the control plane asks a media server for when parties hear, key and are recorded. */
describe('the requests of media work', () => {
  const names = Object.keys(requests);
  const documents = names.map((name) =>
    encodeMsml({ kind: 'request', operations: explicitOperations(requests[name] ?? []) }),
  );

  it('are valid against the reconciled schema, without exception', () => {
    const verdicts = schemaVerdicts(documents);
    expect(
      names.flatMap((name, index) => (verdicts[index] === null ? [] : [[name, verdicts[index]]])),
    ).toEqual([]);
  });

  it.each(names.map((name, index) => [name, index] as const))('are read strictly: %s', (_name, index) => {
    expect(decodeMsml(documents[index] ?? new Uint8Array())).toMatchObject({ ok: true });
  });
});
