import { decodeAccessNetworkInfo, encodeAccessNetworkInfo } from './access-network-info';

describe('P-Access-Network-Info (RFC 7315 §5.4)', () => {
  it('names access type and cell', () => {
    const value = decodeAccessNetworkInfo('ADSL;utran-cell-id-3gpp=00000000');
    expect([value?.token, value?.params.get('utran-cell-id-3gpp')]).toEqual(['ADSL', '00000000']);
    expect(value && encodeAccessNetworkInfo(value)).toBe('ADSL;utran-cell-id-3gpp=00000000');
    expect(decodeAccessNetworkInfo('')).toBeUndefined();
  });
});
