import { eventually } from './eventually';

/** A thin client of /v1: JSON in, status and JSON out. */
export class Rest {
  constructor(
    private readonly base: string,
    private readonly apiKey?: string,
  ) {}

  private fetch(
    path: string,
    { headers, ...init }: { method?: string; headers?: Record<string, string>; body?: string } = {},
  ): Promise<Response> {
    const key: Record<string, string> =
      this.apiKey === undefined ? {} : { authorization: `Bearer ${this.apiKey}` };
    return fetch(`${this.base}${path}`, { ...init, headers: { ...key, ...headers } });
  }

  async get<T = Record<string, unknown>>(path: string): Promise<T> {
    const response = await this.fetch(path);
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async bytes(path: string): Promise<Buffer> {
    const response = await this.fetch(path);
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return Buffer.from(await response.arrayBuffer());
  }

  async post<T = Record<string, unknown>>(
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: T }> {
    const response = await this.fetch(path, {
      method: 'POST',
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as T };
  }

  patch<T = Record<string, unknown>>(path: string, body: unknown): Promise<{ status: number; body: T }> {
    return this.send<T>('PATCH', path, body);
  }

  delete<T = Record<string, unknown>>(path: string): Promise<{ status: number; body: T }> {
    return this.send<T>('DELETE', path);
  }

  private async send<T>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> {
    const response = await this.fetch(path, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as T };
  }

  /** Waits until the resource at `path` is in one of `states`. */
  until<T extends { state: string }>(
    path: string,
    states: readonly string[],
    deadlineMs?: number,
  ): Promise<T> {
    return eventually(
      `${path} is ${states.join(' or ')}`,
      async () => {
        const resource = await this.get<T>(path);
        if (states.includes(resource.state)) return resource;
        throw new Error(`${path} is ${JSON.stringify(resource)}`);
      },
      deadlineMs,
    );
  }

  /** Waits for a call in one of `states`. */
  call(states: readonly string[]): Promise<{ id: string; state: string; mode: string }> {
    return eventually(`a call is ${states.join(' or ')}`, async () => {
      const page = await this.get<{ data: { id: string; state: string; mode: string }[] }>('/v1/calls');
      return page.data.find(({ state }) => states.includes(state));
    });
  }

  async eventTypes(subject?: string): Promise<string[]> {
    const page = await this.get<{ data: { type: string; subject: string }[] }>('/v1/events?limit=1000');
    return page.data
      .filter((event) => subject === undefined || event.subject === subject)
      .map(({ type }) => type);
  }

  /** A metric's value, summed over its labels. */
  async metric(name: string): Promise<number> {
    const response = await this.fetch('/metrics');
    const lines = (await response.text())
      .split('\n')
      .filter((line) => line.startsWith(name) && !line.startsWith('#'));
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  }
}
