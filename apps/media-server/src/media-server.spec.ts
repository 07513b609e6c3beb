import { systemClock } from '@legato/kernel';
import { energyShareAt, readWav, sineWave, writeWav } from '@legato/media';
import { decodeMsml } from '@legato/msml';
import { TcpTransport, UdpTransport } from '@legato/sip';
import type { ScriptedCall } from '@legato/testing';
import { ScriptedUserAgent, sdp } from '@legato/testing';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../../test/e2e/support/eventually';
import { localServer } from '../spec/local-server';
import { RtpPhone } from '../spec/rtp-phone';
import type { MediaServer } from './media-server';

describe('the media server on real sockets', () => {
  let folder: string;
  let server: MediaServer;
  let client: ScriptedUserAgent;
  let phones: RtpPhone[];

  beforeEach(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'legato-media-server-')));
    mkdirSync(join(folder, 'prompts'));
    mkdirSync(join(folder, 'rec', 'tenant'), { recursive: true });
    writeFileSync(
      join(folder, 'prompts', 'tone.wav'),
      writeWav({ sampleRate: 8000, channels: 1 }, sineWave(1500, 600)),
    );
    server = await localServer(folder);
    client = new ScriptedUserAgent({
      clock: systemClock,
      transport: new UdpTransport({ host: '127.0.0.1', port: 0 }),
      user: 'as',
    });
    client.onEvent = (call, event) => {
      if (event.type === 'request') call.usage.respond(event.transactionKey, 200);
      if (event.type === 'accepted') call.usage.acknowledge();
    };
    await client.start();
    phones = [];
  });

  afterEach(async () => {
    await server.close({ drainMs: 0 });
    for (const phone of phones) phone.close();
    await client.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  interface Leg {
    readonly call: ScriptedCall;
    readonly phone: RtpPhone;
    readonly id: string;
    readonly port: number;
  }

  async function connect(): Promise<Leg> {
    const phone = await RtpPhone.open();
    phones.push(phone);
    const call = client.invite(`sip:msml@127.0.0.1:${server.sipAddress.port}`, sdp(phone.description));
    await eventually('200', () => call.told.includes('accepted INVITE'));
    const answer = Buffer.from(call.last('accepted').response.body).toString();
    const id = `conn:${call.usage.state.dialog?.remoteTag ?? ''}`;
    return { call, phone, id, port: Number(/m=audio (\d+)/.exec(answer)?.[1]) };
  }

  async function send({ call }: Leg, operations: string): Promise<string> {
    const before = call.events.length;
    call.usage.request('INFO', 'r', {
      contentType: 'application/msml+xml',
      bytes: Buffer.from(`<msml version="1.1">${operations}</msml>`),
    });
    await eventually('an answer', () => call.events.slice(before).some(({ type }) => type === 'answered'));
    return Buffer.from(call.last('answered').response?.body ?? []).toString();
  }

  async function exitOf({ call }: Leg, dialog: string): Promise<ReadonlyMap<string, string>> {
    return eventually(`the exit of ${dialog}`, () => {
      for (const event of call.events) {
        if (event.type !== 'request') continue;
        const decoded = decodeMsml(event.request.body);
        if (!decoded.ok || decoded.value.kind !== 'event') continue;
        const { name, id, values } = decoded.value.event;
        if (name !== 'msml.dialog.exit' || !id.endsWith(`/dialog:${dialog}`)) continue;
        return new Map(values.map((item) => [item.name, item.value]));
      }
      return undefined;
    });
  }

  /** Whether the last 200 ms were mostly this tone. */
  const hears = (phone: RtpPhone, frequencyHz: number): boolean =>
    energyShareAt(phone.recent(200), 8000, frequencyHz) > 0.8;

  const channel = (wav: { samples: Int16Array; channels: number }, index: number): Int16Array =>
    wav.samples.filter((_sample, at) => at % wav.channels === index);

  it('joins two phones, records one of them in two channels, and holds nothing afterwards', async () => {
    const [a, b] = [await connect(), await connect()];
    a.phone.say(sineWave(1000, 1000), a.port);
    b.phone.say(sineWave(440, 1000), b.port);
    expect(await send(a, `<join id1="${a.id}" id2="${b.id}"/>`)).toContain('response="200"');
    await eventually('b hears a', () => hears(b.phone, 1000));
    const started = await send(
      a,
      `<dialogstart target="${a.id}" type="application/moml+xml" name="rec"><record dest="file://tenant/rec.wav" format="audio/wav;codecs=L16" maxtime="60s" legato:channels="2" xmlns:legato="urn:legato:msml:1"><recordexit><exit namelist="record.len record.end record.recordid"/></recordexit></record></dialogstart>`,
    );
    expect(started).toContain('response="200"');
    expect(await server.counts()).toMatchObject({
      connections: 2,
      dialogs: 1,
      recordings: 1,
      rtpPorts: 2,
      usages: 2,
    });
    const heardSoFar = b.phone.heardMs;
    await eventually('half a second of recording', () => b.phone.heardMs > heardSoFar + 500);
    await send(a, `<dialogend id="${a.id}/dialog:rec"/>`);
    const values = await exitOf(a, 'rec');
    expect(values.get('record.end')).toBe('terminate');
    expect(values.get('record.recordid')).toBe(`file://${folder}/rec/tenant/rec.wav`);
    const wav = readWav(readFileSync(join(folder, 'rec/tenant/rec.wav')));
    if (!wav.ok) throw new Error(wav.error);
    expect(wav.value.channels).toBe(2);
    expect(Math.abs(wav.value.samples.length / 2 / 8 - Number(values.get('record.len')))).toBeLessThan(30);
    expect(energyShareAt(channel(wav.value, 0), 8000, 1000)).toBeGreaterThan(0.8);
    expect(energyShareAt(channel(wav.value, 1), 8000, 440)).toBeGreaterThan(0.8);
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'rec/tenant/rec.wav.json'), 'utf8'));
    expect(manifest).toMatchObject({
      target: a.id,
      file: 'rec.wav',
      channels: 2,
      samples: wav.value.samples.length / 2,
      sha256: createHash('sha256')
        .update(readFileSync(join(folder, 'rec/tenant/rec.wav')))
        .digest('hex'),
    });
    a.call.usage.bye();
    b.call.usage.bye();
    await eventually('everything is released', async () => {
      const counts = Object.entries(await server.counts());
      return counts.every(([what, count]) => what === 'transactions' || count === 0);
    });
  });

  it('takes by TCP, at the same port, what is too large for a datagram (RFC 3261 §18.1.1)', async () => {
    const { port } = server.sipAddress;
    const stream = new ScriptedUserAgent({
      clock: systemClock,
      transport: new TcpTransport({ host: '127.0.0.1', port: 0 }),
      user: 'as',
    });
    await stream.start();
    try {
      const phone = await RtpPhone.open();
      phones.push(phone);
      const call = stream.invite(`sip:msml@127.0.0.1:${port};transport=tcp`, sdp(phone.description));
      await eventually('200', () => call.told.includes('accepted INVITE'));
      call.usage.acknowledge();
      const id = `conn:${call.usage.state.dialog?.remoteTag ?? ''}`;
      const clips = '<audio uri="file://tone.wav"/>'.repeat(60);
      const leg = { call, phone, id, port };
      const answer = await send(
        leg,
        `<dialogstart target="${id}" type="application/moml+xml" name="long"><play>${clips}</play></dialogstart>`,
      );
      expect(answer).toContain('response="200"');
      call.usage.bye();
      await eventually('the call is over', async () => (await server.counts()).usages === 0);
    } finally {
      await stream.stop();
    }
  });

  it('sends by UDP an event that is too large for it to a client that takes no TCP (RFC 3261 §18.1.1)', async () => {
    const a = await connect();
    a.phone.say(new Int16Array(160), a.port);
    const names = 'play.end play.amt '.repeat(40);
    await send(
      a,
      `<dialogstart target="${a.id}" type="application/moml+xml" name="wordy"><play><audio uri="file://tone.wav"/><playexit><exit namelist="${names.trim()}"/></playexit></play></dialogstart>`,
    );
    const values = await exitOf(a, 'wordy');
    expect(values.get('play.amt')).toBe('600');
  });

  it('point 16: mixes the loudest of three and whoever is preferred, with his gain (§8.12.1)', async () => {
    const [a, b, c] = [await connect(), await connect(), await connect()];
    a.phone.say(
      sineWave(1000, 3000).map((sample) => sample / 2),
      a.port,
    );
    b.phone.say(
      sineWave(440, 3000).map((sample) => sample / 16),
      b.port,
    );
    c.phone.say(new Int16Array(24_000), c.port);
    const join = (leg: Leg, stream = '') => `<join id1="${leg.id}" id2="conf:room">${stream}</join>`;
    await send(
      a,
      `<createconference name="room"><audiomix><n-loudest n="1"/></audiomix></createconference>${join(a)}${join(b)}${join(c)}`,
    );
    await eventually('c hears the loudest', () => hears(c.phone, 1000));
    const stream = (leg: Leg, content: string) =>
      send(
        leg,
        `<modifystream id1="${leg.id}" id2="conf:room"><stream media="audio" dir="from-id1" ${content}</stream></modifystream>`,
      );
    await stream(a, '><gain amt="-40"/>');
    await stream(b, 'preferred="true"><gain amt="6"/>');
    await eventually('c hears who is preferred', () => hears(c.phone, 440));
  });

  it('plays a prompt, collects what is keyed, and tells it', async () => {
    const a = await connect();
    a.phone.say(new Int16Array(160), a.port);
    const answer = await send(
      a,
      `<dialogstart target="${a.id}" type="application/moml+xml" name="ask"><collect fdt="10s" idt="2s"><play barge="true" cleardb="true"><audio uri="file://tone.wav"/></play><pattern digits="xx#"><exit namelist="dtmf.digits dtmf.end play.end"/></pattern></collect></dialogstart>`,
    );
    expect(answer).toContain('response="200"');
    await eventually('the prompt is heard', () => hears(a.phone, 1500));
    for (const key of [0, 7, 11]) {
      const heardSoFar = a.phone.heardMs;
      a.phone.press(key, a.port);
      await eventually('time between keys', () => a.phone.heardMs > heardSoFar + 60);
    }
    const values = await exitOf(a, 'ask');
    expect(values.get('dtmf.digits')).toBe('07#');
    expect(values.get('dtmf.end')).toBe('undefined');
  });

  it('point 16: mixes a conference in which nobody hears himself, whose recording has both voices, and ends it with its last participant', async () => {
    const [a, b] = [await connect(), await connect()];
    a.phone.say(sineWave(1000, 1000), a.port);
    b.phone.say(sineWave(440, 1000), b.port);
    await send(
      a,
      `<createconference name="room"/><join id1="${a.id}" id2="conf:room"/><join id1="${b.id}" id2="conf:room"/><dialogstart target="conf:room" type="application/moml+xml" name="mix"><record dest="file://mix.wav" format="audio/wav" maxtime="1s"><recordexit><exit namelist="record.end"/></recordexit></record></dialogstart>`,
    );
    await eventually('a hears b and not itself', () => hears(a.phone, 440));
    const values = await exitOf(a, 'mix');
    expect(values.get('record.end')).toBe('record.complete.maxlength');
    const wav = readWav(readFileSync(join(folder, 'rec/mix.wav')));
    if (!wav.ok) throw new Error(wav.error);
    const late = wav.value.samples.subarray(4000);
    expect(energyShareAt(late, 8000, 440)).toBeGreaterThan(0.25);
    expect(energyShareAt(late, 8000, 1000)).toBeGreaterThan(0.25);
    a.call.usage.bye();
    b.call.usage.bye();
    await eventually('the conference is gone', async () => (await server.counts()).conferences === 0);
  });

  it('drains: what runs is told and hung up, its recording is whole, and new calls are refused', async () => {
    const a = await connect();
    a.phone.say(sineWave(1000, 1000), a.port);
    await send(
      a,
      `<dialogstart target="${a.id}" type="application/moml+xml" name="rec"><record dest="file://drained.wav" format="audio/wav" maxtime="60s"><recordexit><exit namelist="record.len"/></recordexit></record></dialogstart>`,
    );
    const closing = server.close({ drainMs: 300 });
    const refused = client.invite(`sip:msml@127.0.0.1:${server.sipAddress.port}`, sdp(a.phone.description));
    await eventually('503', () => refused.told.includes('refused INVITE 503'));
    await closing;
    expect(Number((await exitOf(a, 'rec')).get('record.len'))).toBeGreaterThan(100);
    expect(a.call.told).toContain('ended bye received');
    expect(readWav(readFileSync(join(folder, 'rec/drained.wav'))).ok).toBe(true);
  });
});
