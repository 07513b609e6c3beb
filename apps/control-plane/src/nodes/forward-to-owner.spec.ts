import type { CallRecord } from '@legato/b2bua';
import { silentLog, systemClock } from '@legato/kernel';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { Application, NextFunction, Request, Response } from 'express';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { callId } from '../../test/fake-call-control';
import { forwardToOwner } from './forward-to-owner';

const CALL = callId(1);
const PATH = `/v1/calls/${CALL}/hangup`;

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe('a command for what another node has', () => {
  const seen: Seen[] = [];
  let owner: Server;
  let url: string;
  let record: Partial<CallRecord> | undefined;
  let here: string[];
  /** What the owner does with a request. */
  let answers: 'yes' | 'never' | 'breaks';

  beforeAll(async () => {
    owner = createServer((incoming, outgoing) => {
      let body = '';
      incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
      incoming.on('end', () => {
        seen.push({ method: incoming.method, url: incoming.url, headers: incoming.headers, body });
        if (answers === 'breaks') incoming.socket.destroy();
        if (answers !== 'yes') return;
        outgoing.writeHead(202, { 'Content-Type': 'application/json', Location: '/v1/x', 'X-Own': 'kept' });
        outgoing.end('{"done":"there"}');
      });
    });
    await new Promise<void>((resolve) => owner.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(owner.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    owner.closeAllConnections();
    owner.close();
  });

  beforeEach(() => {
    seen.length = 0;
    here = [];
    answers = 'yes';
    record = { id: CALL, owner: 'a', ended: false };
  });

  function app(address: string | undefined = url) {
    const adapter = new ExpressAdapter();
    adapter.useBodyParser('json', false);
    const made = adapter.getInstance<Application>();
    made.use(
      forwardToOwner({
        nodeId: 'b',
        store: { load: () => Promise.resolve(record as CallRecord | undefined) },
        whereabouts: {
          isHere: (id) => here.includes(id),
          ownerOfRecording: () => Promise.resolve(CALL),
          conferenceNamed: () => Promise.resolve(undefined),
        },
        addresses: { find: () => Promise.resolve(address) },
        clock: systemClock,
        log: silentLog,
      }),
    );
    made.use((_request: Request, response: Response, _next: NextFunction) => {
      response.json({ done: 'here' });
    });
    return made;
  }

  it('is sent on as it came, and its answer back', async () => {
    const answer = await request(app())
      .post(`${PATH}?a=b`)
      .set({ Authorization: 'Bearer k', 'Idempotency-Key': 'once', 'X-Other': 'x' })
      .send({ reason: 'Grüße' });
    expect([answer.status, answer.body, answer.headers['location']]).toEqual([
      202,
      { done: 'there' },
      '/v1/x',
    ]);
    expect(answer.headers).not.toHaveProperty('x-own');
    expect(seen).toMatchObject([
      {
        method: 'POST',
        url: `${PATH}?a=b`,
        headers: { authorization: 'Bearer k', 'idempotency-key': 'once', 'legato-forwarded-to': 'a' },
        body: '{"reason":"Grüße"}',
      },
    ]);
    expect(seen[0]?.headers).not.toHaveProperty('x-other');
  });

  it.each([
    ['is here', () => here.push(CALL)],
    ['is over', () => (record = { ...record, ended: true })],
    ['is unknown', () => (record = undefined)],
    ['is being taken up here', () => (record = { ...record, owner: 'b' })],
  ])('is answered here when its subject %s', async (_what, set) => {
    set();
    expect((await request(app()).post(PATH)).body).toEqual({ done: 'here' });
    expect(seen).toEqual([]);
  });

  it('goes for a recording to the node that has its call', async () => {
    await request(app()).post(`/v1/recordings/rec_${CALL.slice('call_'.length)}/stop`);
    expect(seen).toHaveLength(1);
  });

  it('is 503 when the owner breaks off, and is not sent twice', async () => {
    answers = 'breaks';
    const answer = await request(app()).post(PATH).send({});
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '2']);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'owner_unreachable' });
    expect(seen).toHaveLength(1);
  });

  it('is 503 when nobody is there, or nobody knows where, and reads are answered here', async () => {
    const nowhere = app('http://127.0.0.1:9');
    const answer = await request(nowhere).post(PATH).send({});
    expect(JSON.parse(answer.text)).toMatchObject({ status: 503, code: 'owner_unreachable' });
    const read = await request(nowhere).get(`/v1/calls/${CALL}/collects/x`);
    expect(read.body).toEqual({ done: 'here' });
  }, 20_000);

  it('is not sent any further by a node that does not have it', async () => {
    const answer = await request(app()).post(PATH).set('Legato-Forwarded-To', 'b').send({});
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'owner_unreachable' });
    expect(seen).toEqual([]);
  });
});
