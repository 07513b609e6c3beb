import type { MsmlOperation } from '../core/operations';
import { decodeMsml, encodeMsml } from '../core/msml';
import type { MsmlDialect } from './dialect';
import { DIALECTS, isMsmlContentType } from './profiles';

const dialog: MsmlOperation = {
  element: 'dialogstart',
  target: 'conn:1',
  content: [
    { element: 'play', audio: [{ uri: 'file://Grüße.wav' }], barge: true, cleardb: false },
    { element: 'record', dest: 'file://r.wav', format: 'audio/wav', maxtime: '5s', channels: '2' },
  ],
};
const unmute: MsmlOperation = {
  element: 'modifystream',
  id1: 'conn:1',
  id2: 'conf:1',
  streams: [{ media: 'audio', gain: { amt: 'unmute' } }],
};
const written = (operation: MsmlOperation, dialect: MsmlDialect): string =>
  encodeMsml({ kind: 'request', operations: [operation] }, dialect).toString('utf8');

describe('the dialects', () => {
  it.each([
    [
      'rfc',
      '<?xml version="1.0" encoding="UTF-8"?>',
      'barge="true" cleardb="false"',
      'Grüße',
      ' dest="file://r.wav"',
    ],
    [
      'xms',
      '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>',
      ' barge="true"',
      'Grüße',
      ' dest="file://r.wav"',
    ],
    [
      'convedia',
      '<?xml version="1.0" encoding="US-ASCII"?>',
      'cvd:barge="true" cvd:cleardb="false"',
      'Gr&#252;&#223;e',
      ' dest=',
    ],
    [
      'mavenir',
      '<?xml version="1.0" encoding="US-ASCII"?>',
      ' barge="true"',
      'Gr&#252;&#223;e',
      ' recordingdest="file://r.wav"',
    ],
  ] as const)(
    '%s has its own declaration and attribute names',
    (dialect, declaration, barge, umlauts, dest) => {
      const text = written(dialog, dialect);
      expect(text.startsWith(declaration)).toBe(true);
      for (const part of [barge, umlauts, dest]) expect(text).toContain(part);
      expect(text.includes('xmlns:cvd="http://convedia.com/ext"')).toBe(dialect === 'convedia');
      expect(decodeMsml(Buffer.from(text))).toMatchObject({ value: { operations: [dialog] } });
    },
  );

  it.each([
    ['rfc', '<gain amt="0"/>'],
    ['xms', '<gain amt="unmute"/>'],
    ['convedia', '<gain agc="true" tgtlvl="0" maxgain="10"/>'],
    ['mavenir', '<gain amt="unmute"/>'],
  ] as const)('%s ends a mute in its way', (dialect, gain) => {
    expect(written(unmute, dialect)).toContain(gain);
  });

  it('reads a prefix that is not declared, and one that is called otherwise', () => {
    const play = (attribute: string): Buffer =>
      Buffer.from(
        `<msml version="1.1"><dialogstart target="conn:1"><play ${attribute}="true"><audio uri="a"/></play></dialogstart></msml>`,
      );
    for (const attribute of ['cvd:barge', 'xmlns:c="http://convedia.com/ext" c:barge']) {
      expect(decodeMsml(play(attribute))).toMatchObject({
        value: { operations: [{ content: [{ barge: true }] }] },
      });
    }
  });

  it('writes and reads the channels of a recording in the namespace of Legato', () => {
    expect(written(dialog, 'rfc')).toContain('xmlns:legato="urn:legato:msml:1" legato:channels="2"');
    const other = written(dialog, 'rfc')
      .replaceAll('legato:', 'l:')
      .replace('xmlns:legato', 'xmlns:l')
      .replace('urn:l:', 'urn:legato:');
    expect(other).toContain('xmlns:l="urn:legato:msml:1" l:channels="2"');
    expect(decodeMsml(Buffer.from(other))).toMatchObject({ value: { operations: [dialog] } });
  });

  it.each<[string, MsmlDialect, string]>([
    ['xxxx', 'rfc', 'xxxx'],
    ['xxxx', 'xms', 'xxxx'],
    ['xxxx', 'convedia', 'length=4'],
    ['xxx#', 'convedia', 'min=3;max=3;rtk=#'],
    ['11#', 'convedia', '11#'],
    ['min=1;max=5;rtk=#', 'convedia', 'min=1;max=5;rtk=#'],
  ])('write the digits %s for %s as %s', (digits, dialect, wanted) => {
    const collect: MsmlOperation = {
      element: 'dialogstart',
      target: 'conn:1',
      content: [{ element: 'collect', pattern: [{ digits, content: [] }] }],
    };
    expect(written(collect, dialect)).toContain(`<pattern digits="${wanted}"`);
  });

  it('have the facts of each media server', () => {
    expect(DIALECTS.xms).toMatchObject({
      contentType: 'application/xml',
      promptInside: false,
      exitResults: 'moml.exit',
    });
    expect(DIALECTS.convedia).toMatchObject({
      contentType: 'application/msml+xml',
      exitResults: 'msml.dialog.exit',
    });
  });
});

describe('isMsmlContentType', () => {
  it.each([
    'application/msml+xml',
    'Application/MSML+xml; charset=utf-8',
    'application/vnd.radisys.msml+xml',
    'application/xml',
  ])('takes %s', (type) => expect(isMsmlContentType(type)).toBe(true));
  it.each(['application/media_control+xml', 'application/sdp', '', 'application/msml'])(
    'leaves %s alone',
    (type) => expect(isMsmlContentType(type)).toBe(false),
  );
});
