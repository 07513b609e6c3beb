import { Headers } from '../headers';
import { contactExpires, contactQ, decodeContacts, encodeContacts } from './contact';

const contacts = (...values: string[]) =>
  decodeContacts(new Headers(values.map((value) => ['Contact', value])));

describe('Contact (§20.10)', () => {
  it('is a list over several fields', () => {
    const list = contacts(
      '"Mr. Watson" <sip:watson@a>;q=0.7; expires=3600, "M" <mailto:w@b> ;q=0.1',
      'sip:c@d',
    );
    expect(list?.contacts.map((each) => [each.uri, contactQ(each), contactExpires(each)])).toEqual([
      ['sip:watson@a', 0.7, 3600],
      ['mailto:w@b', 0.1, undefined],
      ['sip:c@d', 1, undefined],
    ]);
  });

  it('is a star that stands alone (§10.3)', () => {
    expect(contacts('*')).toEqual({ star: true, contacts: [] });
    expect(contacts('*', '<sip:a@b>')).toBeUndefined();
  });

  it('is refused as a whole when one value is malformed', () => {
    expect(contacts('<sip:a@b>, %')).toBeUndefined();
    expect(contacts()).toEqual({ star: false, contacts: [] });
  });

  it('reads a malformed expires as an hour', () => {
    expect(contacts('<sip:a@b>;expires=x')?.contacts.map(contactExpires)).toEqual([3600]);
  });

  it('writes what it read', () => {
    expect(encodeContacts(contacts('<sip:a@b>;q=0.5, sip:c@d;expires=0')?.contacts ?? [])).toBe(
      '<sip:a@b>;q=0.5, <sip:c@d>;expires=0',
    );
  });
});
