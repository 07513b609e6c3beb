import type { CodecName, MediaConnection, MediaRecording } from '@legato/media';
import { MediaEngine, readWav, sineWave } from '@legato/media';
import type { AudioEnd, ChosenAudio } from '@legato/sdp';
import { SessionDescription, acceptAnswer, answerAudio, offerAudio } from '@legato/sdp';
import type { InviteUsage, SdpBody, SipRequest, UsageEvent } from '@legato/sip';
import {
  InviteUsage as Usage,
  TransactionLayer,
  UdpTransport,
  UsageRunner,
  UserAgentCore,
} from '@legato/sip';
import { randomIds, systemClock } from '@legato/kernel';
import { readFileSync } from 'node:fs';
import type { Channel } from './check-list';

const HOST = '127.0.0.1';
const ALLOW = ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'INFO'];
const CODECS = ['PCMA', 'PCMU'];
const RATE = 8000;
const LINE = 'line';

/** A telephone for one call at a time: speaks a tone, presses keys, keeps what it hears, answers what rings. */
export class SoftPhone {
  private readonly engine = new MediaEngine({ host: HOST, rtpPorts: { first: 0, last: 0 } });
  private readonly layer: TransactionLayer;
  private readonly runner: UsageRunner;
  private readonly transport: UdpTransport;
  private usage: InviteUsage | undefined;
  private connection: MediaConnection | undefined;
  private heard: MediaRecording | undefined;
  private listened = 0;
  private calls = 0;
  private offer: Buffer | undefined;
  private version = 0;

  constructor(
    readonly name: string,
    private readonly toneHz: number,
    private readonly hears: string,
    /** UDP port of SIP; 0: any free one. */
    port = 0,
  ) {
    this.transport = new UdpTransport({ host: HOST, port });
    this.layer = new TransactionLayer({ clock: systemClock, transports: [this.transport] });
    const core = new UserAgentCore({
      clock: systemClock,
      layer: this.layer,
      ids: randomIds,
      allow: ALLOW,
      supported: [],
      accept: ['application/sdp'],
    });
    this.layer.user = core;
    const runner = { clock: systemClock, ids: randomIds, layer: this.layer, core, allow: ALLOW };
    this.runner = new UsageRunner({ ...runner, contactUser: name });
    this.runner.deliver = (id, feed) => {
      if (this.usage?.state.id === id) this.take(feed(this.usage));
    };
    core.onRequest = (transaction) => {
      if (transaction.request.method !== 'INVITE' || this.usage) return;
      this.usage = this.runner.receiveInvite(this.nextId(), this.runner.output, transaction);
      this.pickUp(transaction.request);
    };
  }

  get uri(): string {
    return `sip:${this.name}@${HOST}:${this.port}`;
  }

  get port(): number {
    return this.transport.local.port;
  }

  /** No call is there, or it is over. */
  get isIdle(): boolean {
    return this.usage === undefined;
  }

  async start(): Promise<void> {
    await this.layer.start();
    this.engine.start();
    this.connection = await this.engine.openConnection(LINE);
    const tone = { sampleRate: RATE, channels: 1, samples: sineWave(this.toneHz, 1000) };
    this.engine.play(LINE, [tone], { iterate: -1 });
  }

  /** Calls `uri` with an offer. */
  dial(uri: string): void {
    const us = `"${this.name}" <${this.uri}>`;
    const contact = `<${this.uri}>`;
    this.usage = Usage.outgoing(this.nextId(), this.runner.output, {
      requestUri: uri,
      from: us,
      to: `<${uri}>`,
      contact,
    });
    this.offer = offerAudio(this.end());
    this.usage.invite(body(this.offer));
  }

  /** Keys as telephone-events (RFC 4733). */
  press(digits: string): void {
    this.connection?.sendDigits(digits);
  }

  /** What is heard from now on, for so long. */
  async listen(durationMs: number): Promise<Channel> {
    this.listened += 1;
    const path = this.hears.replace(/\.wav$/, `-${this.listened}.wav`);
    const recording = this.engine.record(LINE, { path, channels: 1, maxtimeMs: durationMs });
    await recording.done;
    const wav = readWav(readFileSync(path));
    return wav.ok ? wav.value : { samples: new Int16Array(0), sampleRate: RATE };
  }

  hangUp(): void {
    this.usage?.bye();
  }

  async stop(): Promise<void> {
    await this.engine.stop();
    await this.layer.stop();
  }

  private nextId(): string {
    this.calls += 1;
    return `${this.name}/${this.calls}`;
  }

  private end(): AudioEnd {
    this.version += 1;
    return {
      host: HOST,
      port: this.connection?.localPort ?? 0,
      sessionId: '1',
      version: this.version,
      codecs: CODECS,
    };
  }

  private pickUp(invite: SipRequest): void {
    this.usage?.provisional(180);
    const answer = this.answer(invite);
    if (answer) this.usage?.accept(body(answer));
    else this.usage?.refuse(488);
  }

  /** The answer to an offer; our own offer to who makes none (RFC 3261 §13.2.1), whose answer comes in the ACK. */
  private answer(request: SipRequest): Buffer | undefined {
    if (request.body.length === 0) {
      this.offer = offerAudio(this.end());
      return this.offer;
    }
    const offer = SessionDescription.parse(request.body);
    const answered = offer.ok ? answerAudio(offer.value, this.end()) : undefined;
    if (answered) this.talk(answered.chosen);
    return answered?.answer;
  }

  private talk(chosen: ChosenAudio): void {
    const { telephoneEventPayloadType } = chosen;
    this.connection?.configure({
      host: chosen.remoteHost,
      port: chosen.remotePort,
      codec: chosen.codec as CodecName,
      payloadType: chosen.payloadType,
      direction: chosen.direction,
      ...(telephoneEventPayloadType !== undefined && { telephoneEventPayloadType }),
    });
    this.heard ??= this.engine.record(LINE, { path: this.hears, channels: 1 });
  }

  private take(events: readonly UsageEvent[]): void {
    for (const event of events) {
      if (event.type === 'accepted') this.accepted(event.response.body);
      if (event.type === 'acknowledged' && event.body) this.agree(event.body.bytes);
      if (event.type === 're-INVITE') {
        const answer = this.answer(event.request);
        this.usage?.answerReinvite(event.transactionKey, answer ? 200 : 488, answer && body(answer));
      }
      if (event.type === 'request') this.usage?.respond(event.transactionKey, 200);
      if (event.type === 'ended') this.usage = undefined;
    }
  }

  private accepted(bytes: Uint8Array): void {
    this.usage?.acknowledge();
    this.agree(bytes);
  }

  private agree(bytes: Uint8Array): void {
    const answer = SessionDescription.parse(bytes);
    const chosen = answer.ok && this.offer ? acceptAnswer(this.offer, answer.value)?.chosen : undefined;
    if (chosen) this.talk(chosen);
  }
}

const body = (bytes: Uint8Array): SdpBody => ({ contentType: 'application/sdp', bytes });
