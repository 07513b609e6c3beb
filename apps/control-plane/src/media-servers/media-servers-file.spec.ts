import { parseMediaServers, plainMediaServers, readMediaServers } from './media-servers-file';

const parse = (content: unknown) => {
  const parsed = parseMediaServers(JSON.stringify(content));
  return parsed.ok ? parsed.value : parsed.error;
};
const uri = 'sip:127.0.0.1:5080';

describe('the media servers file', () => {
  it('needs no more than a URI', () => {
    expect(parse([{ uri }])).toEqual([
      { id: '127.0.0.1:5080', uri, dialect: 'rfc', weight: 1, control: true },
    ]);
  });

  it('takes all that can be said of a media server', () => {
    const all = {
      id: 'berlin-1',
      uri: 'sip:media.example',
      dialect: 'xms',
      weight: 3,
      capacity: 500,
      answer_timeout_ms: 2500,
      exit_grace_ms: 0,
      control: false,
    };
    expect(parse([all])).toEqual([
      {
        id: 'berlin-1',
        uri: 'sip:media.example',
        dialect: 'xms',
        weight: 3,
        capacity: 500,
        answerMs: 2500,
        exitGraceMs: 0,
        control: false,
      },
    ]);
  });

  it.each([
    [{ uri, dialect: 'dialogic' }, '/0/dialect: expected one of rfc, xms, convedia, mavenir'],
    [{ uri: 'sip:ms@[::1' }, '/0/uri: expected a SIP URI'],
    [{ uri, weight: 0 }, '/0/weight: expected a whole number from 1 to 100'],
    [{ uri, capacity: 1.5 }, '/0/capacity: expected a whole number from 1 to 1000000'],
    [{ uri, answer_timeout_ms: '4s' }, '/0/answer_timeout_ms: expected a whole number from 100 to 60000'],
    [{ uri, id: 'a/b' }, '/0/id: expected 1 to 64 letters, digits, dots, colons or dashes'],
    [{ uri, wieght: 2 }, '/0/wieght: unknown field'],
  ])('names what is wrong with %j in one line', (server, line) => {
    expect(parse([server])).toBe(line);
  });

  it('takes no server twice, and no list without one', () => {
    expect(parse([{ uri }, { uri }])).toContain('/1/uri: the uri is there twice');
    expect(parse([{ uri }, { uri: 'sip:b', id: '127.0.0.1:5080' }])).toBe('/1/id: the id is there twice');
    expect(parse([])).toBe('the file: expected a media server at least');
    expect(parse({})).toBe('the file: expected a list of media servers');
  });

  it('says why a file can not be used', () => {
    const read = readMediaServers('/nowhere/media-servers.json');
    expect(read).toEqual({ ok: false, error: 'expected a readable JSON file (ENOENT)' });
  });

  it('makes the same of a list of URIs', () => {
    expect(
      plainMediaServers(['sip:ms@[::1]:5080', 'sip:ms@[::1]:5080', 'sip:b']).map(({ id }) => id),
    ).toEqual(['::1:5080', 'b']);
  });
});
