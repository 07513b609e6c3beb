import { OPERATIONS, playPageSchema, playSchema, problemSchema } from '@legato/contracts';
import request from 'supertest';
import { callId } from '../../test/fake-call-control';
import type { FakePlayCommands } from '../../test/fake-play-commands';
import { playId } from '../../test/fake-play-commands';
import { testApplication } from '../../test/test-application';
import type { TestApplication } from '../../test/test-application';

const path = `/v1/calls/${callId(1)}/plays`;

describe('plays over REST', () => {
  let test: TestApplication;
  let plays: FakePlayCommands;
  const http = () => request(test.app.getHttpServer());

  beforeEach(async () => {
    test = await testApplication();
    plays = test.commands.plays;
  });
  afterEach(() => test.app.close());

  it('begins one: 202, Location, and what was asked for with its defaults', async () => {
    const sources = [{ file: 'sub/welcome.wav' }, { say: { as: 'digits', value: '12' } }];
    const response = await http().post(path).send({ sources });
    expect(response.status).toBe(202);
    expect(playSchema.parse(response.body)).toMatchObject({ state: 'queued', leg: 'both' });
    expect(response.headers.location).toBe(`${path}/${playId(1)}`);
    expect(plays.asked).toEqual([[callId(1), { sources, loop: 1, barge: false }]]);
  });

  it('takes every option', async () => {
    const sources = [{ url: 'https://example.com/a.wav' }, { silence_ms: 500 }];
    const body = { sources, loop: 'forever', interval_ms: 1000, barge: true, leg: 'callee' };
    expect((await http().post(path).send(body)).status).toBe(202);
    expect(plays.asked).toEqual([
      [callId(1), { sources, loop: -1, intervalMs: 1000, barge: true, leg: 'callee' }],
    ]);
  });

  it.each([
    ['nothing to play', { sources: [] }, '/sources'],
    ['a file above the folder', { sources: [{ file: '../secret.wav' }] }, '/sources/0'],
    ['a file with markup', { sources: [{ file: 'a"b.wav' }] }, '/sources/0'],
    ['a URL of another scheme', { sources: [{ url: 'ftp://example.com/a.wav' }] }, '/sources/0'],
    ['a URL with a password', { sources: [{ url: 'http://a:b@example.com/a.wav' }] }, '/sources/0'],
    ['a value with markup', { sources: [{ say: { as: 'digits', value: '<x/>' } }] }, '/sources/0'],
    ['no round at all', { sources: [{ file: 'a.wav' }], loop: 0 }, '/loop'],
    ['a leg that no call has', { sources: [{ file: 'a.wav' }], leg: 'third' }, '/leg'],
    ['a field that nobody knows', { sources: [{ file: 'a.wav' }], colour: 'red' }, ''],
  ])('refuses %s with 422 and a pointer', async (_what, body, pointer) => {
    const response = await http().post(path).send(body);
    expect(response.status).toBe(422);
    const { errors } = problemSchema.parse(JSON.parse(response.text));
    expect(errors?.some((error) => error.pointer?.startsWith(pointer))).toBe(true);
    expect(plays.asked).toEqual([]);
  });

  it('reads one, and all of a call', async () => {
    await http()
      .post(path)
      .send({ sources: [{ file: 'a.wav' }] });
    expect(playSchema.parse((await http().get(`${path}/${playId(1)}`)).body).id).toBe(playId(1));
    expect(playPageSchema.parse((await http().get(path)).body).data).toHaveLength(1);
    expect((await http().get(`${path}/${playId(9)}`)).body).toMatchObject({ code: 'play_not_found' });
    expect((await http().get(`${path}/nonsense`)).status).toBe(404);
    expect((await http().get(`/v1/calls/${callId(2)}/plays`)).body).toMatchObject({ code: 'call_not_found' });
  });

  it('stops one with 202', async () => {
    await http()
      .post(path)
      .send({ sources: [{ file: 'a.wav' }] });
    expect((await http().delete(`${path}/${playId(1)}`)).status).toBe(202);
    expect(plays.asked.at(-1)).toEqual({ stop: playId(1) });
    expect((await http().delete(`${path}/${playId(2)}`)).status).toBe(404);
  });

  it('says why it can not, with a code that the description of the interface lists', async () => {
    plays.refusal = { refused: 'conflict', code: 'leg_not_connected', detail: 'The call has no callee' };
    const response = await http()
      .post(path)
      .send({ sources: [{ file: 'a.wav' }] });
    expect(response.status).toBe(409);
    expect(response.body).toMatchObject({ code: 'leg_not_connected', detail: 'The call has no callee' });
    expect(OPERATIONS.find(({ id }) => id === 'createPlay')?.problems).toContain('leg_not_connected');
  });
});
