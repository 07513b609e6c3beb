const POLL_MS = 50;
const FAILURES = ['failed', 'absent'];

/** The few REST calls that the demo makes. */
export class RestClient {
  constructor(readonly base: string) {}

  async get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.base}${path}`);
    if (!response.ok) throw new Error(`GET ${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }

  async bytes(path: string): Promise<Buffer> {
    const response = await fetch(`${this.base}${path}`);
    if (!response.ok) throw new Error(`GET ${path} answered ${response.status}: ${await response.text()}`);
    return Buffer.from(await response.arrayBuffer());
  }

  post<T>(path: string, body?: unknown): Promise<T> {
    return this.send<T>('POST', path, body);
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.send<T>('PUT', path, body);
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.send<T>('PATCH', path, body);
  }

  private async send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.base}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!response.ok)
      throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Asks until `found` makes something of the answer. */
  async until<T, R>(path: string, found: (answer: T) => R | undefined, deadlineMs = 15_000): Promise<R> {
    const end = performance.now() + deadlineMs;
    for (;;) {
      const answer = await this.get<T>(path);
      const picked = found(answer);
      if (picked !== undefined) return picked;
      if (performance.now() > end) throw new Error(`GET ${path} stayed ${JSON.stringify(answer)}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** Waits for a resource to get into a state; throws when it never will. */
  untilState<T extends { state: string }>(path: string, wanted: string, deadlineMs?: number): Promise<T> {
    const reached = (resource: T): T | undefined => {
      const { state } = resource;
      if (state !== wanted && FAILURES.includes(state))
        throw new Error(`${path} is ${state} instead of ${wanted}`);
      return state === wanted ? resource : undefined;
    };
    return this.until(path, reached, deadlineMs);
  }
}
