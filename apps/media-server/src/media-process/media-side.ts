import type { MediaTotals } from '@legato/media';
import type { AuditedSipDialog } from '@legato/msml';
import type { SdpBody } from '@legato/sip';

/** The session description of an INVITE, and the scripts that its Request-URI can name by their Content-ID (RFC 5707 §9.4). */
export interface InviteParts {
  readonly description: SdpBody | undefined;
  readonly scripts: ReadonlyMap<string, Uint8Array>;
}

/** What an INVITE that opens a dialog asks of the media. Plain data: it may go to another process. */
export interface SessionRequest {
  /** `conn:` and our tag (RFC 5707 §6.2): the name of the session in everything that follows. */
  readonly id: string;
  /** The address that the peer reaches our media at. */
  readonly host: string;
  readonly requestUri: string;
  readonly body: SdpBody | undefined;
  /** Undefined when the body has a part that nobody can take. */
  readonly parts: InviteParts | undefined;
  readonly dialog: AuditedSipDialog;
}

/** What a request is to be answered with in SIP. 503: nothing was done, and somebody else or a later time may serve it. */
export interface SessionAnswer {
  readonly status: number;
  readonly reason?: string;
  readonly body?: SdpBody;
}

/** Called exactly once, at once or later. What the request caused is told after it. */
export type AnswerTaker = (answer: SessionAnswer) => void;

/** What the media ask of the SIP dialogs. */
export interface SessionListener {
  /** An MSML event, to be sent as INFO. */
  event(id: string, body: SdpBody): void;
  /** The events that wait are to be sent, then BYE. */
  disconnect(id: string): void;
  /** OPTIONS is to be sent; its outcome is told by noteProbe. */
  probe(id: string): void;
  /** The media of every session are gone. */
  lost(): void;
}

/** What the SIP dialogs ask of the media. An id that is not known any more is ignored. */
export interface SessionPort {
  listener: SessionListener;
  open(request: SessionRequest, done: AnswerTaker): void;
  /** The ACK of a 2xx, with the answer to our offer when it had one. */
  acknowledge(id: string, body: SdpBody | undefined): void;
  /** A re-INVITE or UPDATE; without a body we are asked for an offer. */
  offer(id: string, body: SdpBody | undefined, done: AnswerTaker): void;
  /** The MSML of an INFO. */
  execute(id: string, body: SdpBody, done: AnswerTaker): void;
  /** What audits tell of the SIP dialog has changed. */
  noteDialog(id: string, dialog: AuditedSipDialog): void;
  /** The final status of a probe; 408 when there was none. */
  noteProbe(id: string, status: number): void;
  /** The SIP dialog is over. */
  end(id: string): void;
}

/** What is alive of the media: all zero when nobody uses them. */
export interface MediaObjects {
  readonly connections: number;
  readonly conferences: number;
  readonly dialogs: number;
  readonly recordings: number;
  readonly playbacks: number;
  /** RTP ports that are bound; each has an RTCP port above it. */
  readonly rtpPorts: number;
}

export interface MediaReport {
  readonly objects: MediaObjects;
  readonly totals: MediaTotals;
  /** Of the process that has the media. */
  readonly residentBytes: number;
  readonly cpuSeconds: number;
}

/** ready: serves. absent: its process is starting. stalled: its process does not run. late: half of its ticks fall out. */
export type MediaReadiness = 'ready' | 'absent' | 'stalled' | 'late';

/** Everything of the media server but SIP: sessions, MSML and sound, in this process or in another one. */
export interface MediaSide {
  readonly sessions: SessionPort;
  readonly readiness: MediaReadiness;
  /** Rejects when it can not begin. */
  start(): Promise<void>;
  /** What there is now; of a process that does not answer, what was known last. */
  report(): Promise<MediaReport>;
  /** No new conferences from now on. */
  drain(): void;
  /** Ends every dialog gracefully; resolves when their events are told, or time is up. */
  endDialogs(): Promise<void>;
  /** Resolves when recordings are safe and sockets are closed. */
  stop(): Promise<void>;
}
