import { collectPageSchema, collectSchema } from '@legato/contracts';
import request from 'supertest';
import { callId } from '../../test/fake-call-control';
import { collectId } from '../../test/fake-collect-commands';
import { testApplication } from '../../test/test-application';
import type { TestApplication } from '../../test/test-application';

const path = `/v1/calls/${callId(1)}/collects`;

describe('collections of digits over REST', () => {
  let test: TestApplication;
  const http = () => request(test.app.getHttpServer());
  const post = (body: object) => http().post(path).send(body);

  beforeEach(async () => {
    test = await testApplication();
  });
  afterEach(() => test.app.close());

  it('begins one: 202, Location, and what was asked for with its defaults', async () => {
    const response = await post({ max: 4 });
    expect(response.status).toBe(202);
    expect(collectSchema.parse(response.body)).toMatchObject({ state: 'queued', leg: 'caller' });
    expect(response.headers.location).toBe(`${path}/${collectId(1)}`);
    expect(test.commands.collects.asked).toEqual([
      [
        callId(1),
        {
          leg: 'caller',
          prompt: [],
          barge: true,
          digits: { min: 1, max: 4 },
          firstDigitMs: 5000,
          interDigitMs: 4000,
          retries: 0,
          sensitive: false,
        },
      ],
    ]);
  });

  it('takes every option', async () => {
    const prompt = [{ file: 'pin.wav' }];
    const body = {
      leg: 'callee',
      prompt,
      barge: false,
      pattern: 'xxxx#',
      first_digit_ms: 1000,
      inter_digit_ms: 2000,
      retries: 3,
      sensitive: true,
      no_input_prompt: prompt,
      no_match_prompt: prompt,
    };
    expect((await post(body)).status).toBe(202);
    expect(test.commands.collects.asked).toMatchObject([
      [
        callId(1),
        {
          leg: 'callee',
          digits: { pattern: 'xxxx#' },
          retries: 3,
          sensitive: true,
          noInputPrompt: prompt,
          noMatchPrompt: prompt,
        },
      ],
    ]);
  });

  it.each([
    ['neither a pattern nor a number of digits', {}, '/max'],
    ['both', { pattern: 'x', max: 1 }, '/max'],
    ['a key beside a pattern', { pattern: 'x', term: '#' }, '/max'],
    ['more at least than at most', { min: 5, max: 4 }, '/min'],
    ['two keys', { max: 4, term: '##' }, '/term'],
    ['a pattern with markup', { pattern: '<x/>' }, '/pattern'],
    ['no patience at all', { max: 4, first_digit_ms: 0 }, '/first_digit_ms'],
  ])('refuses %s with 422 and a pointer', async (_what, body, pointer) => {
    const response = await post(body);
    expect(response.status).toBe(422);
    expect(response.text).toContain(pointer);
    expect(test.commands.collects.asked).toEqual([]);
  });

  it('reads one for nobody else to keep, lists them, and ends one', async () => {
    await post({ max: 4 });
    const one = await http().get(`${path}/${collectId(1)}`);
    expect(collectSchema.parse(one.body).id).toBe(collectId(1));
    expect(one.headers['cache-control']).toBe('no-store');
    expect(collectPageSchema.parse((await http().get(path)).body).data).toHaveLength(1);
    expect((await http().delete(`${path}/${collectId(1)}`)).status).toBe(202);
    expect(test.commands.collects.asked.at(-1)).toEqual({ stop: collectId(1) });
    expect((await http().get(`${path}/${collectId(2)}`)).body).toMatchObject({ code: 'collect_not_found' });
    expect((await http().get(`/v1/calls/${callId(2)}/collects`)).body).toMatchObject({
      code: 'call_not_found',
    });
  });
});
