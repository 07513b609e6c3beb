import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import type { OutboundFailure, OutboundRequest, OutboundResponse } from '@legato/outbound-http';

/** Documents by their URL; what is not among them is answered 404. */
export class FakeWeb {
  readonly documents = new Map<string, Partial<OutboundResponse>>();
  readonly requests: OutboundRequest[] = [];

  close(): void {}

  send(request: OutboundRequest): Promise<Result<OutboundResponse, OutboundFailure>> {
    this.requests.push(request);
    const known = this.documents.get(request.url);
    if (!known && request.url.includes('nowhere'))
      return Promise.resolve(err({ code: 'unreachable', detail: 'The server could not be reached.' }));
    const found = {
      status: known ? 200 : 404,
      headers: {},
      body: Buffer.alloc(0),
      truncated: false,
      ...known,
    };
    return Promise.resolve(ok(found));
  }
}
