import type { Clock, Log, Timer } from '@legato/kernel';
import { arrowFor } from '@legato/kernel';
import { MediaHealth } from './media-health';
import type { MediaProcessDeed, MediaProcessState, MediaProcessTrigger } from './media-process.machine';
import { mediaProcessMachine } from './media-process.machine';
import type { MediaReadiness, MediaReport, MediaSide } from './media-side';
import type { FromMedia, MediaLink } from './messages';
import { QuestionWindow } from './question-window';
import { RemoteSessions } from './remote-sessions';

const FIRST_BACK_OFF_MS = 100;
const LONGEST_BACK_OFF_MS = 5000;
/** Who has served for so long starts anew without delay. */
const LASTING_MS = 10_000;
/** How long the process may take to stop: its recordings are written to disk. */
const STOP_MS = 5000;
const REPORT_MS = 1000;
/** Longer than the dialogs themselves are given. */
const DIALOGS_MS = 3000;
const WATCH_MS = 5000;

const NOTHING: MediaReport = {
  objects: { connections: 0, conferences: 0, dialogs: 0, recordings: 0, playbacks: 0, rtpPorts: 0 },
  totals: { received: 0, sent: 0, dropped: 0, lost: 0, ticks: 0, lateTicks: 0 },
  residentBytes: 0,
  cpuSeconds: 0,
};

export interface RemoteMediaOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Of the clock that processes share. */
  readonly sharedNowMs: () => number;
  /** Starts a media process. */
  readonly spawn: () => MediaLink;
}

/** The media of a media server in a process of their own, which is started anew when it ends. */
export class RemoteMedia implements MediaSide {
  readonly sessions: RemoteSessions;
  private readonly window: QuestionWindow;
  private readonly health: MediaHealth;
  private state: MediaProcessState = 'Idle';
  private link: MediaLink | undefined;
  private started: Promise<void> | undefined;
  private whenStarted: { resolve: () => void; reject: (error: Error) => void } | undefined;
  private whenStopped: (() => void) | undefined;
  private readonly replies = new Map<number, (message: FromMedia | undefined) => void>();
  private lastNumber = 0;
  private lastReport = NOTHING;
  private hasServed = false;
  private servedSince = 0;
  private draining = false;
  private backOffMs = FIRST_BACK_OFF_MS;
  private backOff: Timer | undefined;
  private watch: Timer | undefined;
  private howItEnded = '';

  constructor(private readonly options: RemoteMediaOptions) {
    this.window = new QuestionWindow(options);
    this.sessions = new RemoteSessions(this.window);
    this.health = new MediaHealth(options.clock);
  }

  get readiness(): MediaReadiness {
    if (this.state !== 'Serving') return 'absent';
    if (this.health.isStalled) return 'stalled';
    return this.health.isLate ? 'late' : 'ready';
  }

  /** May be called early, and again by whoever needs it to be done. */
  start(): Promise<void> {
    this.started ??= new Promise((resolve, reject) => {
      this.whenStarted = { resolve, reject };
      this.trigger('start');
    });
    return this.started;
  }

  async report(): Promise<MediaReport> {
    const reply = await this.order('report', REPORT_MS);
    if (reply?.kind === 'report') this.lastReport = reply.report;
    return this.lastReport;
  }

  drain(): void {
    this.draining = true;
    if (this.state === 'Serving') this.link?.send({ kind: 'drain' });
  }

  async endDialogs(): Promise<void> {
    await this.order('end dialogs', DIALOGS_MS);
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.whenStopped = resolve;
      if (this.state === 'Stopped') resolve();
      else this.trigger('stop');
    });
  }

  /** Undefined when no reply comes in time. */
  private order(kind: 'report' | 'end dialogs', patienceMs: number): Promise<FromMedia | undefined> {
    const { link } = this;
    if (this.state !== 'Serving' || !link) return Promise.resolve(undefined);
    this.lastNumber += 1;
    const number = this.lastNumber;
    return new Promise((resolve) => {
      const settle = (message: FromMedia | undefined): void => {
        timer.cancel();
        this.replies.delete(number);
        resolve(message);
      };
      const timer = this.options.clock.schedule(patienceMs, () => settle(undefined));
      this.replies.set(number, settle);
      link.send({ kind, number });
    });
  }

  private receive(message: FromMedia): void {
    switch (message.kind) {
      case 'ready':
        this.trigger('ready');
        break;
      case 'beat':
        this.health.beat(message.kept, message.late);
        break;
      case 'report':
      case 'dialogs ended':
        this.replies.get(message.number)?.(message);
        break;
      default:
        this.sessions.receive(message);
    }
  }

  private trigger(what: MediaProcessTrigger): void {
    const arrow = arrowFor(mediaProcessMachine, this.state, what);
    if (!arrow) return;
    this.state = arrow.to;
    for (const deed of arrow.do) this.deeds[deed]();
  }

  private readonly deeds: Readonly<Record<MediaProcessDeed, () => void>> = {
    spawn: () => this.spawn(),
    serve: () => this.serve(),
    'lose sessions': () => this.loseSessions(),
    'start back-off': () => this.startBackOff(),
    'stop back-off': () => this.backOff?.cancel(),
    'order stop': () => this.link?.send({ kind: 'stop' }),
    'start patience': () => {
      this.backOff = this.options.clock.schedule(STOP_MS, () => this.trigger('patience over'));
    },
    kill: () => this.link?.kill(),
    'tell stopped': () => {
      this.backOff?.cancel();
      this.whenStopped?.();
    },
    'tell failed': () =>
      this.whenStarted?.reject(new Error(`the media process could not start (${this.howItEnded})`)),
  };

  private spawn(): void {
    const link = this.options.spawn();
    this.link = link;
    link.onMessage = (message) => this.receive(message);
    link.onExit = (how) => {
      this.howItEnded = how;
      this.link = undefined;
      this.trigger(this.hasServed ? 'exited' : 'exited before it ever served');
    };
  }

  private serve(): void {
    const { clock, log } = this.options;
    const { link } = this;
    if (!link) return;
    this.hasServed = true;
    this.servedSince = clock.now();
    this.health.begin();
    this.window.connect((message) => link.send(message));
    if (this.draining) link.send({ kind: 'drain' });
    this.watch = clock.schedule(WATCH_MS, () => this.look());
    log.info('media process serves', { event: 'media_process.started', pid: link.pid });
    this.whenStarted?.resolve();
  }

  /** Nobody resumes a process that hangs: its calls are lost anyway. */
  private look(): void {
    this.watch = this.options.clock.schedule(WATCH_MS, () => this.look());
    if (!this.health.isGivenUp) return;
    this.options.log.error('media process hangs', { event: 'media_process.hung', pid: this.link?.pid });
    this.link?.kill();
  }

  private loseSessions(): void {
    this.watch?.cancel();
    for (const settle of [...this.replies.values()]) settle(undefined);
    this.sessions.lose();
  }

  private startBackOff(): void {
    const { clock, log } = this.options;
    if (clock.now() - this.servedSince >= LASTING_MS) this.backOffMs = FIRST_BACK_OFF_MS;
    const delayMs = this.backOffMs;
    this.backOffMs = Math.min(2 * delayMs, LONGEST_BACK_OFF_MS);
    log.error('media process ended', {
      event: 'media_process.ended',
      how: this.howItEnded,
      retry_ms: delayMs,
    });
    this.backOff = clock.schedule(delayMs, () => this.trigger('time to start'));
  }
}
