import { RESPONSE_CODES } from '../schema/response-codes';
import { isGone, msmlErrorOf } from './msml-errors';

describe('msmlErrorOf (§11)', () => {
  it('has an error for every code but success', () => {
    for (const code of Object.keys(RESPONSE_CODES)) {
      expect([code, msmlErrorOf(code) === undefined]).toEqual([code, code === '200']);
    }
  });

  it.each([
    ['400', 'msml_request_refused', 502],
    ['410', 'msml_request_refused', 502],
    ['402', 'msml_not_supported', 501],
    ['423', 'msml_document_failed', 424],
    ['434', 'msml_document_failed', 424],
    ['430', 'msml_object_gone', 404],
    ['432', 'msml_name_in_use', 409],
    ['441', 'msml_media_incompatible', 409],
    ['520', 'media_server_unavailable', 503],
    ['500', 'media_server_failed', 502],
    ['599', 'media_server_failed', 502],
  ])('calls %s %s', (code, name, httpStatus) => {
    expect(msmlErrorOf(code)).toMatchObject({ code: name, httpStatus });
  });
});

describe('isGone', () => {
  it.each([
    [true, 200, '200', true],
    [false, 200, '430', true],
    [false, 200, '500', true],
    [false, 200, '503', false],
    [false, 500, undefined, false],
    [false, 408, undefined, false],
    [false, 481, undefined, true],
  ])('ok %s, SIP %s, MSML %s: %s', (ok, sipStatus, response, expected) => {
    expect(isGone({ ok, sipStatus, ...(response && { response }) })).toBe(expected);
  });
});
