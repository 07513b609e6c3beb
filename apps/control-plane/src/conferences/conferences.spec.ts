import request from 'supertest';
import { callId } from '../../test/fake-call-control';
import { conferenceId, participantId } from '../../test/fake-conference-commands';
import { testApplication } from '../../test/test-application';
import type { TestApplication } from '../../test/test-application';

const ROOM = `/v1/conferences/${conferenceId(1)}`;
const SOMEBODY = `${ROOM}/participants/${participantId(1)}`;

describe('conferences over REST', () => {
  let test: TestApplication;
  const http = () => request(test.app.getHttpServer());
  const conferences = () => test.commands.conferences;
  const participants = () => test.commands.participants;

  beforeEach(async () => {
    test = await testApplication();
  });
  afterEach(() => test.app.close());

  it('are made, or got by their name', async () => {
    const made = await http().post('/v1/conferences').send({ name: 'room' });
    expect([made.status, made.headers['location'], made.body]).toMatchObject([201, ROOM, { name: 'room' }]);
    conferences().isNew = false;
    expect((await http().post('/v1/conferences').send({ name: 'room' })).status).toBe(200);
    expect(conferences().asked[0]).toMatchObject([
      'room',
      { maxParticipants: 200, startOn: 'join', endOn: 'empty', lingerMs: 0, tones: { enter: false } },
      { record: false },
    ]);
  });

  it('are made with what is said of them', async () => {
    const body = {
      name: 'room',
      max_participants: 3,
      start_on: 'host',
      end_on: 'host',
      linger_s: 5,
      announce: { enter: true },
      music: [],
      speaker_interval_ms: 0,
      record: true,
      metadata: { ticket: '7' },
    };
    await http().post('/v1/conferences').send(body).expect(201);
    expect(conferences().asked[0]).toEqual([
      'room',
      {
        maxParticipants: 3,
        startOn: 'host',
        endOn: 'host',
        lingerMs: 5000,
        maxDurationMs: 43_200_000,
        tones: { enter: true, leave: false },
        music: [],
        speakersMs: 0,
        metadata: { ticket: '7' },
      },
      { record: true },
    ]);
  });

  it.each([
    [{}, '/name'],
    [{ name: 'a b' }, '/name'],
    [{ name: 'room', max_participants: 1 }, '/max_participants'],
    [{ name: 'room', start_on: 'never' }, '/start_on'],
    [{ name: 'room', music: [{ file: '../../etc/passwd' }] }, '/music'],
    [{ name: 'room', speaker_interval_ms: 1 }, '/speaker_interval_ms'],
    [{ name: 'room', surprise: 1 }, ''],
  ])('are 422 for %j', async (body, pointer) => {
    const answer = await http().post('/v1/conferences').send(body);
    expect(answer.status).toBe(422);
    const { errors } = JSON.parse(answer.text) as { errors: { pointer: string }[] };
    expect(errors.map((error) => error.pointer)).toContainEqual(expect.stringContaining(pointer));
    expect(conferences().asked).toEqual([]);
  });

  it('are read, listed, locked, muted and ended', async () => {
    expect((await http().get(ROOM)).body).toMatchObject({ state: 'active', participants: 0 });
    const page = await http().get('/v1/conferences?limit=1&state=active&name=room');
    expect(page.body).toMatchObject({ next_cursor: conferenceId(1), has_more: true });
    expect((await http().post(`${ROOM}/lock`)).body).toMatchObject({ state: 'locked' });
    expect((await http().post(`${ROOM}/unlock`)).status).toBe(200);
    expect((await http().post(`${ROOM}/mute`)).status).toBe(202);
    expect((await http().post(`${ROOM}/end`).send({ hang_up: false })).status).toBe(202);
    expect(conferences().asked).toEqual([
      { limit: 1, state: 'active', name: 'room' },
      { lock: conferenceId(1) },
      { unlock: conferenceId(1) },
      { mute: conferenceId(1), muted: true },
      { end: conferenceId(1), hangUp: false },
    ]);
  });

  it('are 404 when there is none, and 409 with the state that stands against it', async () => {
    conferences().conference = undefined;
    for (const path of [ROOM, `${ROOM}/plays`, `${ROOM}/recordings`, '/v1/conferences/conf_x']) {
      const answer = await http().get(path);
      expect([answer.status, (JSON.parse(answer.text) as { code: string }).code]).toEqual([
        404,
        'conference_not_found',
      ]);
    }
    conferences().refusal = {
      refused: 'conflict',
      code: 'conference_ended',
      detail: 'The conference is ended',
    };
    const ended = await http().post(`${ROOM}/lock`);
    expect(JSON.parse(ended.text)).toMatchObject({
      status: 409,
      code: 'conference_ended',
      detail: 'The conference is ended',
    });
  });

  it('take calls, and ring others', async () => {
    const added = await http()
      .post(`${ROOM}/participants`)
      .send({ call_id: callId(1), muted: true });
    expect([added.status, added.headers['location']]).toEqual([202, SOMEBODY]);
    const rung = { to: 'sip:bob@example.com', from: 'sip:room@example.com', timeout_s: 9, role: 'host' };
    await http().post(`${ROOM}/participants`).send(rung).expect(202);
    expect(participants().asked).toEqual([
      { add: [conferenceId(1), callId(1), { role: 'member', muted: true }] },
      { dial: [conferenceId(1), { from: rung.from, to: rung.to, timeoutMs: 9000 }, { role: 'host' }] },
    ]);
  });

  it.each([
    [{}, '/to'],
    [{ call_id: callId(1), to: 'sip:bob@example.com', from: 'sip:a@b' }, '/to'],
    [{ to: 'sip:bob@example.com' }, '/from'],
    [{ call_id: callId(1), timeout_s: 3 }, '/from'],
    [{ call_id: 'call_1' }, '/call_id'],
    [{ to: 'sip:bob@example.com;maddr=192.0.2.1', from: 'sip:a@b' }, '/to'],
    [{ call_id: callId(1), gain_db: 99 }, '/gain_db'],
    [{ call_id: callId(1), coach_of: 'me' }, '/coach_of'],
  ])('refuse to take in %j', async (body, pointer) => {
    const answer = await http().post(`${ROOM}/participants`).send(body);
    expect(answer.status).toBe(422);
    const { errors } = JSON.parse(answer.text) as { errors: { pointer: string }[] };
    expect(errors.map((error) => error.pointer)).toContain(pointer);
    expect(participants().asked).toEqual([]);
  });

  it('change those who take part, and take them out', async () => {
    const change = { muted: false, deaf: true, hold: true, gain_db: -3, coach_of: null };
    await http().patch(SOMEBODY).send(change).expect(202);
    await http().delete(SOMEBODY).expect(202);
    await http().delete(`${SOMEBODY}?hang_up=false`).expect(202);
    await http().delete(`${SOMEBODY}?hang_up=perhaps`).expect(422);
    expect(participants().asked).toEqual([
      {
        update: [
          conferenceId(1),
          participantId(1),
          { muted: false, deaf: true, hold: true, gainDb: -3, coachOf: null },
        ],
      },
      { remove: [conferenceId(1), participantId(1), { hangUp: true }] },
      { remove: [conferenceId(1), participantId(1), { hangUp: false }] },
    ]);
    expect((await http().get(`${ROOM}/participants`)).body).toMatchObject({ data: [{ state: 'joining' }] });
    expect((await http().get(`${ROOM}/participants/${participantId(2)}`)).status).toBe(404);
  });

  it('play and record', async () => {
    const sources = [{ file: 'welcome.wav' }];
    await http()
      .post(`${ROOM}/plays`)
      .send({ sources, participant: participantId(1) })
      .expect(202);
    await http().post(`${ROOM}/plays`).send({ sources: [] }).expect(422);
    const recorded = await http().post(`${ROOM}/recordings`).send({ channels: 'per_participant', max_s: 60 });
    expect(recorded.headers['location']).toMatch(/^\/v1\/recordings\/rec_/);
    expect(recorded.body).toMatchObject({ conference_id: conferenceId(1), state: 'requested' });
    expect(conferences().asked).toEqual([
      { play: conferenceId(1), sources, loop: 1, participant: participantId(1) },
      { record: conferenceId(1), channels: 'per_participant', maxMs: 60_000 },
    ]);
  });
});
