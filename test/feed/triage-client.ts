import type { RunningEngine, Answer } from '../e2e/running-engine.js';
import type { ViolationWithHistory } from '../../src/feed/violations.controller.js';
import type { ViolationPage } from '../../src/feed/violation-page.js';

/** Asks a running engine as one caller. */
export class TriageClient {
  constructor(
    private readonly engine: RunningEngine,
    private readonly token: string,
  ) {}

  async get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${this.engine.url}/v1/${path}`, { headers: { ...this.bearer, ...headers } });
    const text = await response.text();
    const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    return { status: response.status, headers: response.headers, body };
  }

  post(path: string, body?: unknown, etag?: string): Promise<Answer> {
    return this.engine.call(`/v1/${path}`, {
      method: 'POST',
      headers: {
        ...this.bearer,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(etag !== undefined && { 'if-match': etag }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  async list(query = ''): Promise<ViolationPage> {
    return (await this.get(`violations${query}`)).body as unknown as ViolationPage;
  }

  async ids(query = ''): Promise<string[]> {
    return (await this.list(query)).violations.map((one) => one.violationId);
  }

  async show(id: string): Promise<ViolationWithHistory> {
    return (await this.get(`violations/${id}`)).body as unknown as ViolationWithHistory;
  }

  /** Acts on a violation as it is now. */
  async act(id: string, action: string, body?: unknown): Promise<Answer> {
    return this.post(`violations/${id}/${action}`, body, (await this.show(id)).etag);
  }

  private get bearer(): Record<string, string> {
    return { authorization: `Bearer ${this.token}` };
  }
}
