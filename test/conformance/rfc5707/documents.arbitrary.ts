import fc from 'fast-check';
import type {
  AuditResult,
  MomlAction,
  MomlElement,
  MsmlDocument,
  MsmlOperation,
  MsmlResult,
  MsmlStream,
  NameValue,
} from '@legato/msml';

/** An object of which only the named properties are always there; the others are there or absent, never undefined. */
function some<T extends object>(
  required: readonly string[],
  fields: Readonly<Record<string, fc.Arbitrary<unknown>>>,
): fc.Arbitrary<T> {
  return fc.record(fields, { requiredKeys: [...required] }) as fc.Arbitrary<T>;
}

const is = <V extends string>(value: V): fc.Arbitrary<V> => fc.constant(value);
const flag = fc.boolean();
const name = fc.stringMatching(/^[a-zA-Z0-9.:_-]{1,12}$/);
const momlId = fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,8}$/);
const duration = fc.stringMatching(/^[0-9]{1,3}(\.[0-9])?(ms|s)$/).filter((text) => text.length > 0);
const count = fc.nat({ max: 99 }).map((value) => String(value + 1));
const iterate = fc.oneof(is('forever'), is('-1'), count);
const between = (least: number, most: number) => fc.integer({ min: least, max: most }).map(String);
/** Any text that XML can hold; carriage returns aside, which other parsers read as line feeds in literals. */
const text = fc
  .string({ unit: 'grapheme', maxLength: 20 })
  .filter((value) => !/[\u0000-\u001f\ufffe\uffff]|\p{Surrogate}/u.test(value));
const uri = fc.webUrl().map((value) => value.replace(/[^\x21-\x7e]/g, ''));
const conf = name.map((value) => `conf:${value}`);
const conn = name.map((value) => `conn:${value}`);
const independent = fc.oneof(conf, conn);
const dialogId = fc.tuple(independent, name).map(([root, dialog]) => `${root}/dialog:${dialog}`);
const list = <T>(of: fc.Arbitrary<T>, minLength = 0): fc.Arbitrary<T[]> =>
  fc.array(of, { minLength, maxLength: 3 });

const namelist = list(momlId, 1).map((names) => names.join(' '));
const action: fc.Arbitrary<MomlAction> = fc.oneof(
  some<MomlAction & { element: 'send' }>(['element', 'event', 'target'], {
    element: is('send'),
    event: momlId,
    target: momlId,
    namelist,
  }),
  some<MomlAction & { element: 'exit' }>(['element'], { element: is('exit'), namelist }),
  some<MomlAction & { element: 'disconnect' }>(['element'], { element: is('disconnect'), namelist }),
);
const actions = list(action);

const visual = {
  left: fc.oneof(between(0, 999), is('67%')),
  top: fc.oneof(between(0, 999), is('33%')),
  relativesize: fc.constantFrom('1/3', '2/3', '0', '0.5', '25%'),
  priority: fc.constantFrom('0', '0.5', '1'),
  title: text,
  titletextcolor: text,
  titlebackgroundcolor: text,
  bordercolor: text,
  borderwidth: between(0, 9),
  logo: uri,
  freeze: flag,
  blank: flag,
};
const gain = fc.oneof(
  some<NonNullable<MsmlStream['gain']>>([], {
    id: momlId,
    amt: fc.oneof(between(-96, 96), is('mute')),
  }),
  some<NonNullable<MsmlStream['gain']>>(['agc', 'tgtlvl'], {
    agc: flag,
    tgtlvl: between(-40, 0),
    maxgain: between(0, 40),
  }),
);
const clamp = some<NonNullable<MsmlStream['clamp']>>([], { dtmf: flag, tone: flag });
const dir = fc.constantFrom('from-id1' as const, 'to-id1' as const);
const stream: fc.Arbitrary<MsmlStream> = fc.oneof(
  some<MsmlStream>(['media'], { media: is('audio'), dir, compressed: flag, preferred: flag, gain, clamp }),
  some<MsmlStream>(['media'], {
    media: is('video'),
    dir,
    display: text,
    override: flag,
    visual: some([], { id: text, ...visual }),
  }),
);

const audiomix = some<NonNullable<(MsmlOperation & { element: 'createconference' })['audiomix']>>([], {
  id: text,
  samplerate: count,
  asn: some([], { ri: duration, asth: between(-96, 0) }),
  'n-loudest': fc.record({ n: count }),
});
type VideoLayout = NonNullable<(MsmlOperation & { element: 'createconference' })['videolayout']>;
type LayoutItem = NonNullable<VideoLayout['content']>[number];
const rootWindow = some<LayoutItem & { element: 'root' }>(['element'], {
  element: is('root'),
  size: fc.constantFrom('QCIF' as const, '16CIF' as const, '720p' as const),
  backgroundcolor: text,
  backgroundimage: uri,
});
const region = some<LayoutItem & { element: 'region' }>(['element', 'id'], {
  element: is('region'),
  id: text,
  ...visual,
});
const selector = some<LayoutItem & { element: 'selector' }>(['element', 'id', 'method'], {
  element: is('selector'),
  id: text,
  method: fc.constantFrom('vas' as const, 'sequence' as const),
  status: fc.constantFrom('active' as const, 'disabled' as const),
  blankothers: flag,
  si: duration,
  speakersees: fc.constantFrom('current' as const, 'previous' as const),
  content: list(fc.oneof(rootWindow, region), 1),
});
const videolayout = some<VideoLayout>([], {
  type: is('text/msml-basic-layout'),
  id: text,
  content: list(fc.oneof(rootWindow, region, selector), 1),
});
const reserve = some<NonNullable<(MsmlOperation & { element: 'createconference' })['reserve']>>(
  ['resource'],
  {
    required: flag,
    resource: list(
      some([], { n: count, type: fc.constantFrom('individual' as const, 'shared' as const) }),
      1,
    ),
  },
);

const audio = some<{ uri: string }>(['uri'], {
  uri,
  format: text,
  audiosamplerate: count,
  audiosamplesize: count,
  iterate,
});
const video = some<{ uri: string }>(['uri'], {
  uri,
  profile: text,
  level: text,
  imagewidth: count,
  imageheight: count,
  maxbitrate: count,
  framerate: count,
  iterate,
});
const tagged = <N extends string, T extends object>(element: N, value: fc.Arbitrary<T>) =>
  value.map((properties) => ({ element, ...properties }));
type Play = MomlElement & { element: 'play' };
const playAttributes = {
  element: is('play'),
  id: momlId,
  interval: duration,
  iterate,
  initial: fc.constantFrom('generate' as const, 'suspend' as const),
  maxtime: duration,
  barge: flag,
  cleardb: flag,
  offset: duration.map((value) => `-${value}`),
  skip: duration,
  playexit: actions,
};
const play: fc.Arbitrary<Play> = some<Play>(['element', 'audio'], {
  ...playAttributes,
  audio: list(audio, 1),
});
const mixedPlay: fc.Arbitrary<Play> = fc
  .tuple(
    some<Play>(['element'], playAttributes),
    audio,
    fc.oneof(
      tagged('video', video),
      tagged('media', fc.record({ audio, video })),
      tagged('var', fc.record({ type: is('date'), subtype: text, value: text })),
      tagged(
        'tts',
        fc.oneof(fc.record({ uri }), fc.record({ content: fc.tuple(text.filter((value) => value !== '')) })),
      ),
    ),
  )
  .map(([attributes, clip, other]) => ({
    ...attributes,
    audio: [clip],
    content: [other, { element: 'audio' as const, ...clip }],
  }));
const frequency = fc.record({ freq: between(0, 3999), atten: between(-96, 0) });
const tonegen = some<MomlElement & { element: 'tonegen' }>(['element', 'content'], {
  element: is('tonegen'),
  id: momlId,
  iterate,
  content: list(
    fc.oneof(
      tagged('tone', some(['duration', 'tone1'], { duration, iterate, tone1: frequency, tone2: frequency })),
      tagged('silence', fc.record({ duration })),
    ),
    1,
  ),
  tonegenexit: actions,
});
const record = some<MomlElement & { element: 'record' }>(['element', 'format', 'maxtime'], {
  element: is('record'),
  id: momlId,
  append: flag,
  dest: uri,
  audiodest: uri,
  videodest: uri,
  format: text,
  audiosamplerate: count,
  profile: text,
  maxtime: duration,
  initial: fc.constantFrom('create' as const, 'suspend' as const),
  prespeech: duration,
  postspeech: duration,
  termkey: fc.constantFrom('#', '*', 'a', '0'),
  beep: flag,
  channels: fc.constantFrom('1' as const, '2' as const),
  play: list(fc.oneof(play, tonegen), 1),
  recordexit: actions,
});
const iterated = some<{ iterate?: string; content: MomlAction[] }>(['content'], {
  iterate,
  content: actions,
});
const collect = some<MomlElement & { element: 'collect' | 'dtmf' }>(['element'], {
  element: fc.constantFrom('collect' as const, 'dtmf' as const),
  id: momlId,
  cleardb: flag,
  fdt: duration,
  idt: duration,
  edt: duration,
  starttimer: flag,
  iterate,
  ldd: duration,
  play: list(play, 1),
  pattern: list(
    some(['digits', 'content'], {
      digits: fc.constantFrom('xxxx#', '0012', 'min=1;max=5;rtk=#'),
      format: is('moml+digits'),
      iterate,
      content: actions,
    }),
    1,
  ),
  detect: actions,
  noinput: iterated,
  nomatch: iterated,
  dtmfexit: actions,
});
const vadPattern = some(['len', 'content'], { iterate, len: duration, sen: duration, content: actions });
const faxId = fc.stringMatching(/^[0-9+*-]{1,20}$/);
const sendobj = some(['objuri'], { objuri: uri, startpage: count, pagecount: count, rmtid: faxId });
const rcvobj = some(['objuri'], { objuri: uri, maxpages: count });
const hdrfooter = some(['format'], { type: is('header'), style: is('append'), format: list(text) });
const notifications = {
  faxstart: fc.constant({}),
  faxnegotiate: fc.constant({}),
  faxpagedone: fc.constant({}),
  faxobjectdone: fc.constant({}),
  faxopcomplete: fc.constant({}),
  faxpollstarted: fc.constant({}),
};
const others = fc.oneof(
  some(['element', 'digits'], {
    element: is('dtmfgen'),
    digits: fc.stringMatching(/^[0-9a-dA-D#*]{1,8}$/),
    level: between(-96, 0),
    dur: duration,
    interval: duration,
    dtmfgenexit: actions,
  }),
  some(['element'], {
    element: is('vad'),
    starttimer: flag,
    voice: list(vadPattern, 1),
    silence: list(vadPattern, 1),
    tvoice: list(vadPattern, 1),
    tsilence: list(vadPattern, 1),
  }),
  some(['element', 'amt'], {
    element: is('gain'),
    id: momlId,
    incr: count.filter((n) => +n <= 96),
    amt: between(-96, 96),
  }),
  some(['element', 'tgtlvl'], { element: is('agc'), tgtlvl: between(-40, 0), maxgain: between(0, 40) }),
  some(['element'], { element: is('gate'), initial: fc.constantFrom('pass', 'halt') }),
  some(['element'], { element: is('clamp'), id: momlId }),
  some(['element'], { element: is('relay'), id: momlId }),
  some(['element', 'grammar'], {
    element: is('speech'),
    noint: duration,
    confidence: between(1, 100),
    sens: count,
    starttimer: flag,
    iterate,
    grammar: list(some([], { uri, iterate, version: is('1.0'), root: text, match: list(iterated, 1) }), 1),
    noinput: iterated,
    nomatch: iterated,
    speechexit: actions,
  }),
  some(['element'], { element: is('faxdetect'), id: momlId, faxdetectexit: actions }),
  some(['element', 'sendobj'], {
    element: is('faxsend'),
    lclid: faxId,
    minspeed: fc.constantFrom('2400', '14400'),
    maxspeed: fc.constantFrom('2400', '14400'),
    ecm: flag,
    sendobj: list(sendobj, 1),
    hdrfooter: list(hdrfooter, 1),
    rxpoll: list(some(['rmtid', 'rcvobj'], { rmtid: faxId, rcvobj: list(rcvobj, 1), hdrfooter }), 1),
    ...notifications,
  }),
  some(['element', 'rcvobj'], {
    element: is('faxrcv'),
    lclid: faxId,
    ecm: flag,
    rcvobj: list(rcvobj, 1),
    txpoll: list(some(['rmtid', 'sendobj'], { rmtid: faxId, sendobj: list(sendobj, 1), hdrfooter }), 1),
    ...notifications,
  }),
) as unknown as fc.Arbitrary<MomlElement>;

const primitive: fc.Arbitrary<MomlElement> = fc.oneof(play, mixedPlay, tonegen, record, collect, others);
const group = fc.letrec<{ group: MomlElement }>((tie) => ({
  group: some<MomlElement & { element: 'group' }>(['element', 'topology', 'content'], {
    element: is('group'),
    id: momlId,
    topology: fc.constantFrom('parallel' as const, 'serial' as const, 'fullduplex' as const),
    content: list(fc.oneof({ depthSize: 'small', maxDepth: 3 }, primitive, tie('group'))),
    groupexit: actions,
  }),
})).group;

const mark = name;
const streams = fc.array(stream, { minLength: 1, maxLength: 4 });
const operation: fc.Arbitrary<MsmlOperation> = fc.oneof(
  some<MsmlOperation & { element: 'join' }>(['element', 'id1', 'id2'], {
    element: is('join'),
    id1: independent,
    id2: independent,
    streams,
    mark,
  }),
  some<MsmlOperation & { element: 'unjoin' }>(['element', 'id1', 'id2'], {
    element: is('unjoin'),
    id1: independent,
    id2: fc.oneof(independent, is('conf:*'), is('conn:*')),
    streams,
    mark,
  }),
  some<MsmlOperation & { element: 'modifystream' }>(['element', 'id1', 'id2', 'streams'], {
    element: is('modifystream'),
    id1: is('conn:*'),
    id2: independent,
    streams,
    mark,
  }),
  some<MsmlOperation & { element: 'monitor' }>(['element', 'id1', 'id2'], {
    element: is('monitor'),
    id1: conn,
    id2: independent,
    compressed: flag,
    mark,
  }),
  some<MsmlOperation & { element: 'createconference' }>(['element'], {
    element: is('createconference'),
    name,
    deletewhen: fc.constantFrom('nomedia' as const, 'nocontrol' as const, 'never' as const),
    term: flag,
    reserve,
    audiomix,
    videolayout,
    mark,
  }),
  some<MsmlOperation & { element: 'modifyconference' }>(['element', 'id'], {
    element: is('modifyconference'),
    id: conf,
    audiomix,
    videolayout,
    mark,
  }),
  some<MsmlOperation & { element: 'destroyconference' }>(['element', 'id'], {
    element: is('destroyconference'),
    id: conf,
    audiomix,
    mark,
  }),
  some<MsmlOperation & { element: 'dialogstart' }>(['element', 'target', 'content'], {
    element: is('dialogstart'),
    target: independent,
    type: is('application/moml+xml'),
    name,
    content: list(fc.oneof(primitive, group, action) as fc.Arbitrary<MomlElement>, 1),
    mark,
  }),
  some<MsmlOperation & { element: 'dialogstart' }>(['element', 'target', 'type', 'src', 'content'], {
    element: is('dialogstart'),
    target: independent,
    type: is('application/vxml+xml'),
    src: uri,
    content: fc.constant([]),
  }),
  some<MsmlOperation & { element: 'dialogend' }>(['element', 'id'], {
    element: is('dialogend'),
    id: fc.oneof(
      dialogId,
      independent.map((root) => `${root}/dialog:*`),
    ),
    mark,
  }),
  some<MsmlOperation & { element: 'send' }>(['element', 'event', 'target'], {
    element: is('send'),
    event: momlId,
    target: fc.oneof(
      independent,
      dialogId,
      dialogId.map((id) => `${id}/play.1`),
    ),
    valuelist: text,
    mark,
  }),
  some<MsmlOperation & { element: 'audit' }>(['element', 'queryid'], {
    element: is('audit'),
    queryid: fc.oneof(conf, is('conf:*')),
    statelist: fc.constantFrom('audit.conf.*', 'audit.conf.dialog.duration\naudit.conf.stream'),
    mark,
  }),
);

const auditResult: fc.Arbitrary<AuditResult> = some<AuditResult>(['targetid'], {
  targetid: independent,
  confconfig: some([], {
    deletewhen: is('never'),
    term: flag,
    audiomix,
    videolayout,
    controller: conn,
  }),
  sipdialog: some<NonNullable<AuditResult['sipdialog']>>(['callid', 'localtag', 'remotetag'], {
    callid: text,
    localtag: text,
    remotetag: text,
    localseq: count,
    remoteseq: count,
    localuri: text,
    remoteuri: text,
    remotetarget: text,
    routeset: text,
  }),
  localsdp: is('v=0\r\nm=audio 4000 RTP/AVP 0\r\n'),
  remotesdp: text,
  dialog: list(
    some<NonNullable<AuditResult['dialog']>[number]>(['name'], {
      name,
      src: uri,
      type: is('application/moml+xml'),
      duration: count,
      primitive: is('record'),
      controller: conn,
    }),
    1,
  ),
  stream: list(
    some<NonNullable<AuditResult['stream']>[number]>(['joinwith', 'media', 'dir'], {
      joinwith: independent,
      media: is('audio'),
      dir: fc.constantFrom('from' as const, 'to' as const),
      compressed: flag,
      preferred: flag,
      gain,
      clamp,
    }),
    1,
  ),
});
const result: fc.Arbitrary<MsmlResult> = some<MsmlResult>(['response', 'confIds', 'dialogIds'], {
  response: between(100, 999),
  mark,
  description: text,
  confIds: list(conf),
  dialogIds: list(dialogId),
  auditResults: list(auditResult, 1),
});
const item: fc.Arbitrary<NameValue> = fc.record({ name: momlId, value: text });

/** Documents of all kinds, with every element and attribute of RFC 5707 in them now and then. */
export const anyDocument: fc.Arbitrary<MsmlDocument> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: is('request'), operations: list(operation) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: is('event'),
      event: fc.record({ name: momlId, id: fc.oneof(conf, dialogId), values: list(item) }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: is('result'), result }) },
);
