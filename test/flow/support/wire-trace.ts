import type { Address } from '@legato/sip';
import { isFlow } from '@legato/sip';
import type { RecordingTransport } from '@legato/testing';
import type { FakeClock } from '@legato/testing';
import { FlowPage } from './flow-page';

const LEGATO_NAME = 'Legato';
const MADE_BY = 'test/flow/wire-traces.spec.ts';

/** What a trace listens to: the transport of a stack without sockets. */
export interface TracedWorld {
  readonly clock: FakeClock;
  readonly transport: RecordingTransport;
}

const hostPort = ({ host, port }: Address): string => `${host}:${port}`;

/** Everything that passes the wire of a world, in order, for a page of docs/flows. */
export class WireTrace {
  private readonly page: FlowPage;
  private readonly startMs: number;

  /** `others`: `host:port` to name, in the order of the ladder; we stand after the first. */
  constructor(
    private readonly world: TracedWorld,
    others: Readonly<Record<string, string>>,
  ) {
    this.startMs = world.clock.now();
    const { transport } = world;
    const us = hostPort(transport.local);
    const [[first, name] = ['', ''], ...rest] = Object.entries(others);
    const participants = { [first]: name, [us]: LEGATO_NAME, ...Object.fromEntries(rest) };
    this.page = new FlowPage({ participants, madeBy: MADE_BY });
    const inject = transport.inject.bind(transport);
    transport.inject = (input, source) => {
      if (typeof input !== 'string' && !Buffer.isBuffer(input) && source)
        this.page.record(hostPort(source), us, input, this.elapsedMs);
      inject(input, source);
    };
    const deliver = transport.onSend;
    transport.onSend = (sent) => {
      const to = isFlow(sent.to) ? sent.to.remote : sent.to;
      this.page.record(us, hostPort(to), sent.message, this.elapsedMs);
      deliver?.(sent);
    };
  }

  /** What an application does by REST. */
  note(text: string): void {
    this.page.note(LEGATO_NAME, text, this.elapsedMs);
  }

  check(name: string, title: string, about: string): void {
    this.page.check(name, title, about);
  }

  private get elapsedMs(): number {
    return this.world.clock.now() - this.startMs;
  }
}
