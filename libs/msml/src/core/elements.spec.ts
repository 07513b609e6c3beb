import { decodeMsml, encodeMsml } from './msml';
import type { ElementDefinition } from '../schema/element-definition';
import { DecodeContext } from '../schema/decode-context';
import type { XmlElement } from '../xml/xml-element';
import { ELEMENTS, isMsmlElement } from './elements';

const definitions = Object.entries(ELEMENTS).flatMap(([group, members]) =>
  members.map((definition): [string, ElementDefinition] => [
    `${group} ${definition.name} §${definition.section}`,
    definition,
  ]),
);

/** A value that the type of an attribute takes, found by trial. */
const CANDIDATES = [
  'true',
  '1',
  '-6',
  '1s',
  'conn:1',
  'conf:1',
  'conn:1/dialog:1',
  'name',
  '200',
  'audio',
  'from-id1',
].concat(
  [
    'from',
    'vas',
    'parallel',
    'date',
    '1.0',
    '9600',
    'active',
    'current',
    'CIF',
    'individual',
    'nomedia',
    'header',
    'append',
  ],
  ['generate', 'create', 'pass', 'mgcp', 'application/moml+xml', '#', '2', '1/3'],
);

function attributesOf(definition: ElementDefinition) {
  return [...definition.fields].flatMap(([key, field]) => {
    if (field.kind !== 'attribute') return [];
    const value = CANDIDATES.find((candidate) => field.type.read(candidate, false) !== undefined);
    if (value === undefined) throw new Error(`no candidate for ${key}`);
    return [{ name: field.wireName ?? key, value, field }];
  });
}

function elementWith(
  definition: ElementDefinition,
  attributes: { name: string; value: string }[],
): XmlElement {
  return {
    name: definition.name,
    attributes: attributes.map(({ name, value }) => ({ name, value })),
    children: [],
  };
}

/** The faults that attributes cause; content that is missing is another matter. */
function faultOf(definition: ElementDefinition, xml: XmlElement, lenient = false): string | undefined {
  const context = new DecodeContext(lenient, isMsmlElement);
  definition.decode(xml, context);
  return context.fault?.response;
}

describe.each(definitions)('%s', (_title, definition) => {
  const attributes = attributesOf(definition);

  it('answers 408 for each mandatory attribute that is missing', () => {
    for (const { name, field } of attributes.filter((attribute) => attribute.field.presence !== 'optional')) {
      const xml = elementWith(
        definition,
        attributes.filter((attribute) => attribute.name !== name),
      );
      expect([name, faultOf(definition, xml)]).toEqual([name, '408']);
      expect(faultOf(definition, xml, true) === '408').toBe(field.presence === 'mandatory');
    }
  });

  it('answers for each attribute with a wrong value', () => {
    for (const { name, field } of attributes) {
      const wrong = ['\u00e9 wrong value', ''].find((value) => field.type.read(value, true) === undefined);
      if (wrong === undefined) continue;
      const xml = elementWith(
        definition,
        attributes.map((attribute) => (attribute.name === name ? { name, value: wrong } : attribute)),
      );
      expect([name, faultOf(definition, xml)]).toEqual([name, field.type.faultFor?.(wrong) ?? '410']);
    }
  });

  it('answers 406 for an attribute that it does not have, and keeps it when read leniently', () => {
    const xml = elementWith(definition, [...attributes, { name: 'unheard-of', value: 'x' }]);
    expect(faultOf(definition, xml)).toBe('406');
    const value = definition.decode(xml, new DecodeContext(true, isMsmlElement));
    expect(value).toMatchObject({ extension: { attributes: [{ name: 'unheard-of', value: 'x' }] } });
    expect(definition.encode(value).attributes).toContainEqual({ name: 'unheard-of', value: 'x' });
  });
});

const holdsAnything = (definition: ElementDefinition): boolean =>
  [...definition.fields.values()].some((field) => field.kind === 'content' && field.raw);

describe.each(definitions.filter(([, definition]) => !holdsAnything(definition)))(
  '%s',
  (_title, definition) => {
    const attributes = attributesOf(definition);

    it('answers 401 for a child that nobody knows, and keeps it when read leniently', () => {
      const child: XmlElement = { name: 'unheard-of', attributes: [], children: ['x'] };
      const xml = { ...elementWith(definition, attributes), children: [child] };
      expect(faultOf(definition, xml)).toBe('401');
      const value = definition.decode(xml, new DecodeContext(true, isMsmlElement));
      expect(definition.encode(value).children).toContainEqual(child);
    });

    it('answers 404 for an element of MSML that does not belong there, and 405 for text', () => {
      const misplaced: XmlElement = { name: 'msml', attributes: [], children: [] };
      expect(faultOf(definition, { ...elementWith(definition, attributes), children: [misplaced] })).toBe(
        '404',
      );
      expect(faultOf(definition, { ...elementWith(definition, attributes), children: ['text'] })).toBe('405');
    });
  },
);

describe('ELEMENTS', () => {
  it('knows every element of the RFC by name', () => {
    for (const name of [
      'msml',
      'confid',
      'n-loudest',
      'tone2',
      'faxrecv',
      'faxpollstart',
      'routeset',
      'var',
      'moml',
    ]) {
      expect([name, isMsmlElement(name)]).toEqual([name, true]);
    }
    expect(isMsmlElement('transfer')).toBe(false);
    expect(isMsmlElement('constructor')).toBe(false);
  });
});

/** Rules that reach beyond one attribute. */
describe('the rules of an operation', () => {
  const play = '<play><audio uri="file://a.wav"/></play>';
  it.each([
    ['join id1="conf:1/dialog:2" id2="conn:1"', '', '440', '§8.8'],
    ['join id1="conn:*" id2="conn:1"', '', '440', '§8.8'],
    ['join id1="nonsense" id2="conn:1"', '', '410', '§8.8'],
    ['join id1="conn:1" id2="conn:2"', '<stream media="audio"/>'.repeat(5), '404', '§8.8'],
    ['monitor id1="conf:1" id2="conn:1"', '', '440', '§8.11'],
    ['unjoin id1="conn:*" id2="conf:*"', '', '410', '§8.10'],
    ['modifystream id1="conn:*" id2="conf:1"', '', '403', '§8.9'],
    [
      'modifystream id1="conn:1" id2="conf:1"',
      '<stream media="audio"><gain amt="1" agc="true"/></stream>',
      '409',
      '§8.12.1.1',
    ],
    [
      'join id1="conn:1" id2="conf:1"',
      '<stream media="audio"><gain tgtlvl="-1"/></stream>',
      '409',
      '§8.12.1.1',
    ],
    [
      'join id1="conn:1" id2="conf:1"',
      '<stream media="audio"><gain agc="true"/></stream>',
      '408',
      '§8.12.1.1',
    ],
    ['join id1="conn:1" id2="conf:1"', '<stream media="video" preferred="true"/>', '409', '§8.12.1'],
    ['join id1="conn:1" id2="conf:1"', '<stream media="audio" display="1"/>', '409', '§8.12.2'],
    ['join id1="conn:1" id2="conf:1"', '<stream media="audio" override="true"/>', '409', '§8.12.2'],
    ['createconference', '<reserve/>', '403', '§8.3.1'],
    ['createconference', '<audiomix/><audiomix/>', '404', '§8.3'],
    ['createconference name="a*"', '', '410', '§6.2'],
    ['dialogstart target="conn:1"', '', '403', '§9.6.1'],
    ['dialogstart target="conn:*"', play, '410', '§9.6.1'],
    ['dialogstart target="conn:1" src="http://a"', '', '408', '§9.6.1'],
    ['dialogstart target="conn:1" src="http://a" type="application/moml+xml"', play, '422', '§9.6.1'],
    ['dialogstart target="conn:1" type="text/plain"', play, '421', '§9.6.1'],
    ['dialogstart target="conn:1"', `<moml version="1.0" id="a">${play}</moml>${play}`, '404', '§9.7.6'],
    ['dialogstart target="conn:1"', '<play/>', '403', '§9.7.1'],
    ['dialogstart target="conn:1"', '<play><media/></play>', '403', '§9.7.1.3'],
    ['dialogstart target="conn:1"', '<tonegen/>', '403', '§9.7.3'],
    ['dialogstart target="conn:1"', '<tonegen><tone duration="1s"/></tonegen>', '403', '§9.7.3.1'],
    ['dialogstart target="conn:1"', '<record format="audio/wav"/>', '408', '§9.7.4'],
    ['dialogstart target="conn:1"', '<collect><pattern digits="hello"/></collect>', '410', '§9.7.5.2'],
    ['dialogstart target="conn:1"', '<speech/>', '403', '§9.10.1'],
    ['dialogstart target="conn:1"', '<faxsend/>', '403', '§9.12.1'],
    ['dialogstart target="conn:1"', '<faxrcv/>', '403', '§9.12.2'],
    ['audit queryid="conf:1/dialog:2"', '', '410', '§10.1.1'],
    ['audit queryid="conf:1" statelist="audit.conn.localsdp"', '', '410', '§10.1.1'],
  ])('<%s>%s is answered %s (%s)', (start, content, response) => {
    const bytes = Buffer.from(`<msml version="1.1"><${start}>${content}</${start.split(' ')[0]}></msml>`);
    const decoded = decodeMsml(bytes);
    expect(decoded.ok ? 'no fault' : decoded.error.response).toBe(response);
  });

  it.each([
    ['unjoin id1="conn:1" id2="*"', '<unjoin id1="conn:1" id2="conn:*"/>'],
    ['createconference term="1"', '<createconference term="true"/>'],
    ['dialogstart target="conn:1"><record format="x"/></dialogstart', '<record format="x"/>'],
  ])('<%s> is read leniently', (start, written) => {
    const text = `<msml version="1.0"><${start.includes('</') ? `${start}>` : `${start}/>`}</msml>`;
    expect(decodeMsml(Buffer.from(text)).ok).toBe(false);
    const decoded = decodeMsml(Buffer.from(text), { mode: 'lenient' });
    if (!decoded.ok) throw new Error(decoded.error.description);
    expect(encodeMsml(decoded.value).toString()).toContain(written);
  });

  it.each([
    [
      '<faxrecv><rcvobj objuri="file://a"/><faxpollstart/></faxrecv>',
      '<faxrcv><rcvobj objuri="file://a"/><faxpollstarted/></faxrcv>',
    ],
    [
      '<play><audio uri="a"/></play><send event="e" target="source" valuelist="a b"/>',
      '<send event="e" target="source" namelist="a b"/>',
    ],
  ])('reads the other spelling in %s', (content, written) => {
    const text = `<msml version="1.1"><dialogstart target="conn:1">${content}</dialogstart></msml>`;
    const decoded = decodeMsml(Buffer.from(text));
    if (!decoded.ok) throw new Error(decoded.error.description);
    expect(encodeMsml(decoded.value).toString()).toContain(written);
  });

  it('reads "tones" of a clamp as "tone" (§8.12.1.2)', () => {
    const text =
      '<msml version="1.1"><join id1="conn:1" id2="conn:2"><stream media="audio"><clamp tones="true"/></stream></join></msml>';
    expect(decodeMsml(Buffer.from(text))).toMatchObject({
      value: { operations: [{ streams: [{ clamp: { tone: true } }] }] },
    });
  });
});
