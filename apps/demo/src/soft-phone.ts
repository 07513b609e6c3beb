import type { CodecName, MediaConnection, MediaRecording } from '@legato/media';
import { MediaEngine } from '@legato/media';
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

const HOST = '127.0.0.1';
const ALLOW = ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'INFO'];
const CODECS = ['PCMA', 'PCMU'];
const USAGE = 'phone/1';

/** A telephone for one call: speaks a WAV file, keeps what it hears, answers what rings. */
export class SoftPhone {
  private readonly engine = new MediaEngine({ host: HOST, rtpPorts: { first: 0, last: 0 } });
  private readonly layer: TransactionLayer;
  private readonly runner: UsageRunner;
  private readonly transport: UdpTransport;
  private usage: InviteUsage | undefined;
  private connection: MediaConnection | undefined;
  private heard: MediaRecording | undefined;
  private offer: Buffer | undefined;
  private version = 0;
  /** What happened to the call, in order. */
  readonly events: string[] = [];

  constructor(
    private readonly name: string,
    private readonly speaks: string,
    private readonly hears: string,
  ) {
    this.transport = new UdpTransport({ host: HOST, port: 0 });
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
    this.runner.deliver = (_id, feed) => {
      if (this.usage) this.take(feed(this.usage));
    };
    core.onRequest = (transaction) => {
      if (transaction.request.method !== 'INVITE' || this.usage) return;
      this.usage = this.runner.receiveInvite(USAGE, this.runner.output, transaction);
      this.pickUp(transaction.request);
    };
  }

  get uri(): string {
    return `sip:${this.name}@${HOST}:${this.transport.local.port}`;
  }

  async start(): Promise<void> {
    await this.layer.start();
    this.engine.start();
    this.connection = await this.engine.openConnection('line');
  }

  /** Calls `uri` with an offer. */
  dial(uri: string): void {
    const us = `"${this.name}" <${this.uri}>`;
    const contact = `<${this.uri}>`;
    this.usage = Usage.outgoing(USAGE, this.runner.output, {
      requestUri: uri,
      from: us,
      to: `<${uri}>`,
      contact,
    });
    this.offer = offerAudio(this.end());
    this.usage.invite(body(this.offer));
  }

  hangUp(): void {
    this.usage?.bye();
  }

  async stop(): Promise<void> {
    await this.engine.stop();
    await this.layer.stop();
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

  private answer(request: SipRequest): Buffer | undefined {
    const offer = SessionDescription.parse(request.body);
    const answered = offer.ok ? answerAudio(offer.value, this.end()) : undefined;
    if (answered) this.talk(answered.chosen);
    return answered?.answer;
  }

  private talk(chosen: ChosenAudio): void {
    this.connection?.configure({
      host: chosen.remoteHost,
      port: chosen.remotePort,
      codec: chosen.codec as CodecName,
      payloadType: chosen.payloadType,
      direction: chosen.direction,
    });
    if (this.heard) return;
    this.engine.play('line', [this.speaks], { iterate: -1 });
    this.heard = this.engine.record('line', { path: this.hears, channels: 1 });
  }

  private take(events: readonly UsageEvent[]): void {
    for (const event of events) {
      this.events.push(event.type);
      if (event.type === 'accepted') this.accepted(event.response.body);
      if (event.type === 're-INVITE') {
        const answer = this.answer(event.request);
        this.usage?.answerReinvite(event.transactionKey, answer ? 200 : 488, answer && body(answer));
      }
      if (event.type === 'request') this.usage?.respond(event.transactionKey, 200);
    }
  }

  private accepted(bytes: Uint8Array): void {
    this.usage?.acknowledge();
    const answer = SessionDescription.parse(bytes);
    const chosen = answer.ok && this.offer ? acceptAnswer(this.offer, answer.value)?.chosen : undefined;
    if (chosen) this.talk(chosen);
  }
}

const body = (bytes: Uint8Array): SdpBody => ({ contentType: 'application/sdp', bytes });
