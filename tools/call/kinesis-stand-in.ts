import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** A fragment as it lies in the stream. */
export interface StoredFragment {
  /** Its number, which is its continuation token too. */
  readonly number: string;
  readonly producedMs: number;
  readonly bytes: Uint8Array;
}

interface StartSelector {
  readonly StartSelectorType?: string;
  readonly ContinuationToken?: string;
  readonly AfterFragmentNumber?: string;
  readonly StartTimestamp?: number;
}

/** GetMedia ends a body that has had no fragment for so long. */
const endsIdleAfterMs = 3000;

/**
 * Stands in for AWS: one Kinesis video stream behind the three requests that Timbre makes (AssumeRole, GetDataEndpoint,
 * GetMedia), without checking their signatures. Point Timbre at it with AWS_ENDPOINT_URL_STS and
 * AWS_ENDPOINT_URL_KINESIS_VIDEO.
 */
export class KinesisStandIn {
  private readonly server: Server;
  private readonly stored: StoredFragment[] = [];
  private readonly bodies = new Map<ServerResponse, NodeJS.Timeout>();
  private readonly idleMs: number;
  /** Each GetMedia's selector, in order. */
  readonly reads: StartSelector[] = [];
  /** What the next GetMedia is answered with instead: a status, or bytes that end the body. */
  readonly misbehave: (number | Uint8Array)[] = [];
  /** Called when a reader has gone away by itself. */
  onLeft = (): void => undefined;

  private constructor(idleMs: number) {
    this.idleMs = idleMs;
    this.server = createServer((request, response) => {
      void this.answer(request, response);
    });
  }

  static async listen(port: number, idleMs = endsIdleAfterMs): Promise<KinesisStandIn> {
    const standIn = new KinesisStandIn(idleMs);
    standIn.server.listen(port, '127.0.0.1');
    await once(standIn.server, 'listening');
    return standIn;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  put(fragment: StoredFragment): void {
    this.stored.push(fragment);
    for (const body of this.bodies.keys()) this.write(body, fragment.bytes);
  }

  /** As when the network fails. */
  breakBodies(): void {
    for (const body of this.bodies.keys()) body.destroy();
  }

  /** As after 40 minutes: without a word. */
  endBodies(): void {
    for (const body of this.bodies.keys()) body.end();
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    if (request.url === '/getDataEndpoint') {
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ DataEndpoint: this.url }));
    } else if (request.url === '/getMedia') {
      this.getMedia((JSON.parse(body) as { StartSelector: StartSelector }).StartSelector, response);
    } else {
      response.setHeader('content-type', 'text/xml').end(assumedRole);
    }
  }

  private getMedia(selector: StartSelector, response: ServerResponse): void {
    this.reads.push(selector);
    const fault = this.misbehave.shift();
    if (typeof fault === 'number') {
      response.writeHead(fault, { 'x-amzn-errortype': 'NotAuthorizedException' }).end('{"Message":"no"}');
      return;
    }
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    response.flushHeaders();
    if (fault) {
      response.end(fault);
      return;
    }
    response.once('close', () => {
      clearTimeout(this.bodies.get(response));
      this.bodies.delete(response);
      if (!response.writableFinished) this.onLeft();
    });
    this.bodies.set(
      response,
      setTimeout(() => undefined),
    );
    this.write(response, Buffer.concat(this.stored.slice(this.from(selector)).map(({ bytes }) => bytes)));
  }

  private from({
    StartSelectorType,
    ContinuationToken,
    AfterFragmentNumber,
    StartTimestamp = 0,
  }: StartSelector): number {
    switch (StartSelectorType) {
      case 'CONTINUATION_TOKEN':
        return this.stored.findIndex(({ number }) => number === ContinuationToken) + 1;
      case 'FRAGMENT_NUMBER':
        return this.stored.findIndex(({ number }) => number === AfterFragmentNumber) + 1;
      case 'PRODUCER_TIMESTAMP': {
        const at = this.stored.findIndex(({ producedMs }) => producedMs >= StartTimestamp * 1000);
        return at < 0 ? this.stored.length : at;
      }
      case undefined:
      default:
        return this.stored.length;
    }
  }

  private write(body: ServerResponse, bytes: Uint8Array): void {
    if (body.writableEnded) return;
    clearTimeout(this.bodies.get(body));
    body.write(bytes);
    const idle = setTimeout(() => body.end(), this.idleMs);
    this.bodies.set(body, idle);
  }
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const assumedRole = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>ASIATEST</AccessKeyId><SecretAccessKey>test</SecretAccessKey><SessionToken>test</SessionToken>
<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
