import type { MsmlEvent } from './event';
import { decodeMsml, encodeMsml } from './msml';

/** The INFO body of real traffic: US-ASCII, CRLF line ends, one after the root. */
const STARTING_RECORD =
  '<?xml version="1.0" encoding="US-ASCII"?>\r\n<msml version="1.1">\r\n' +
  '<event name="app.startingRecord" id="conf:002221c6082350d233/dialog:PRLeg708">\r\n</event>\r\n</msml>\r\n';

const eventOf = (text: string): MsmlEvent | undefined => {
  const decoded = decodeMsml(Buffer.from(text));
  return decoded.ok && decoded.value.kind === 'event' ? decoded.value.event : undefined;
};
const event = (content: string): string =>
  `<msml version="1.1"><event name="e" id="conf:1">${content}</event></msml>`;

describe('event (§7.4)', () => {
  it('is read from the real INFO of a media server that starts to record', () => {
    expect(Buffer.byteLength(STARTING_RECORD)).toBe(164);
    expect(eventOf(STARTING_RECORD)).toEqual({
      name: 'app.startingRecord',
      id: 'conf:002221c6082350d233/dialog:PRLeg708',
      values: [],
    });
  });

  it('keeps items in order, and a name that comes again (§8.6.2)', () => {
    const items = '<name>speaker</name><value>conn:a</value><name>speaker</name><value>conn:b</value>';
    expect(eventOf(event(items))?.values).toEqual([
      { name: 'speaker', value: 'conn:a' },
      { name: 'speaker', value: 'conn:b' },
    ]);
  });

  it.each(['0012', '1E5', 'External document fetch error', '12#', ''])(
    'leaves the value %j a string',
    (value) => {
      expect(eventOf(event(`<name>dtmf.digits</name><value>${value}</value>`))?.values).toEqual([
        { name: 'dtmf.digits', value },
      ]);
    },
  );

  it('reads a name without a value as an empty one, and refuses a value without a name', () => {
    expect(eventOf(event('<name>a</name><name>b</name><value>1</value>'))?.values).toEqual([
      { name: 'a', value: '' },
      { name: 'b', value: '1' },
    ]);
    expect(eventOf(event('<value>1</value>'))).toBeUndefined();
    expect(eventOf(event('<name>a</name><value>1</value><value>2</value>'))).toBeUndefined();
  });

  it.each(['conn:1', 'conf:*', 'conf:1/dialog:*', 'x'])('refuses the source %s', (id) => {
    expect(eventOf(`<msml version="1.1"><event name="e" id="${id}"/></msml>`)).toBeUndefined();
  });

  it('is written as it is read', () => {
    const value: MsmlEvent = {
      name: 'msml.dialog.exit',
      id: 'conn:1/dialog:d',
      values: [
        { name: 'record.len', value: '1740' },
        { name: 'record.end', value: 'record.complete.maxlength' },
        { name: 'empty', value: '' },
      ],
    };
    const bytes = encodeMsml({ kind: 'event', event: value });
    expect(decodeMsml(bytes)).toEqual({ ok: true, value: { kind: 'event', event: value } });
  });
});
