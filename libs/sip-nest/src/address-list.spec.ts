import { AddressList } from './address-list';

function list(...entries: string[]): AddressList {
  const parsed = AddressList.parse(entries);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

describe('an address list', () => {
  const some = list('192.0.2.1', '10.0.0.0/8', '2001:db8::/32');

  it.each(['192.0.2.1', '10.255.0.1', '::ffff:10.1.1.1', '2001:db8::1', '2001:DB8:0::2'])(
    'has %s',
    (host) => {
      expect(some.has(host)).toBe(true);
    },
  );

  it.each(['192.0.2.2', '11.0.0.1', '::1', '2001:db9::1', 'localhost', '', '10.0.0', '::ffff:11.0.0.1'])(
    'has not %s',
    (host) => {
      expect(some.has(host)).toBe(false);
    },
  );

  it.each(['10.0.0.0/33', '10.0.0/8', '10.0.0.0/8/8', '10.0.0.0/', '10.0.0.0/-1', '::/129', 'host', ''])(
    'is not made of "%s", and says so',
    (entry) => {
      expect(AddressList.parse(['192.0.2.1', entry])).toEqual({ ok: false, error: entry });
    },
  );

  it('may be empty', () => {
    expect(AddressList.EMPTY.size).toBe(0);
    expect(AddressList.EMPTY.has('127.0.0.1')).toBe(false);
  });
});
