import type { CallCloseReason, CallDescription } from '../../core/calls/intake.js';
import { type Fragment, type FragmentNews, FragmentReader } from '../../core/matroska/fragments.js';
import { type FatalErrorCode, telephonyErrors } from '../errors.js';
import type {
  ProtocolAction,
  ProtocolActions,
  ProtocolMachine,
  ProtocolTimeouts,
} from '../protocol-machine.js';
import { KinesisTracks } from './kinesis-tracks.js';
import type { StartRequest } from './start-request.js';

/** A live call has a fragment about every second. A stream without any for so long has none left: nothing else tells its end. */
const quietMs = 30_000;

const token = 'AWS_KINESISVIDEO_CONTINUATION_TOKEN';
const errorTag = 'AWS_KINESISVIDEO_ERROR_ID';
/** No key to decrypt with: https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_dataplane_GetMedia.html */
const keyError = /^45\d\d$/;

/**
 * What the reader says, as text between the bodies: one is over (after 3 s without a fragment, or 40 minutes, or whenever the
 * network likes), or the next could not be had.
 */
export type BodyNews = 'ended' | 'failed';

/** Where GetMedia has to begin. */
export type ReadFrom =
  | { readonly kind: 'continuation'; readonly token: string }
  | { readonly kind: 'produced'; readonly atMs: number }
  | { readonly kind: 'fragment'; readonly number: string }
  | { readonly kind: 'now' };

/** A contact in a Kinesis video stream, from the bodies that GetMedia gives: one after the other, since each of them ends early. */
export class KinesisMachine implements ProtocolMachine {
  private readonly request: StartRequest;
  private readonly quietMs: number;
  private readonly reader = new FragmentReader(token);
  private state: 'waiting' | 'streaming' | 'finishing' | 'over' = 'waiting';
  private tracks: KinesisTracks | undefined;
  private isBodyOver = false;
  private token: string | undefined;
  private lastNumber = -1n;
  /** The stream's own clock: where to go on when a token is not taken. */
  private producedMs: number | undefined;
  private heardMs: number;
  private farewell: { readonly closeCode: number; readonly reason: string } = {
    closeCode: 1000,
    reason: 'ended',
  };

  constructor(request: StartRequest, { silenceMs }: ProtocolTimeouts, nowMs: number) {
    this.request = request;
    this.quietMs = Math.min(quietMs, silenceMs);
    this.heardMs = nowMs;
  }

  /** For the next body. Its own start only until there is something to go on from. */
  get readFrom(): ReadFrom {
    const { startTimestampMs, startFragmentNumber } = this.request;
    if (this.token !== undefined) return { kind: 'continuation', token: this.token };
    if (this.producedMs !== undefined) return { kind: 'produced', atMs: this.producedMs };
    // By number GetMedia begins behind that fragment, and the first second of speech would be lost.
    if (startTimestampMs !== undefined) return { kind: 'produced', atMs: startTimestampMs };
    if (startFragmentNumber !== undefined) return { kind: 'fragment', number: startFragmentNumber };
    return { kind: 'now' };
  }

  binary(chunk: Uint8Array, nowMs: number): ProtocolActions {
    return this.reader.push(chunk).flatMap((news) => this.hear(news, nowMs));
  }

  text(said: string, nowMs: number): ProtocolActions {
    this.isBodyOver = false;
    return (said as BodyNews) === 'failed' ? this.bodyFailed() : this.bodyEnded(nowMs);
  }

  /** Nothing more of this body can be understood. */
  get wantsNewBody(): boolean {
    return this.isBodyOver;
  }

  /** How much of the call has been handed on. */
  get audioMs(): number {
    return this.tracks?.audioMs ?? 0;
  }

  private bodyEnded(nowMs: number): ProtocolActions {
    return this.reader.end().flatMap((news) => this.hear(news, nowMs));
  }

  /** The body could not be had. A token may be what is wrong with it. */
  private bodyFailed(): ProtocolActions {
    this.token = undefined;
    return this.isLive ? [{ kind: 'count', code: 'platform-error' }] : [];
  }

  tick(nowMs: number): ProtocolActions {
    if (nowMs - this.heardMs < this.quietMs) return [];
    if (this.state === 'waiting') return this.fault('start-timeout');
    return this.state === 'streaming' ? this.finish('ended') : [];
  }

  ended(reason: CallCloseReason): ProtocolActions {
    if (reason === 'engine-failure' || reason === 'access-ended') return this.fault(reason, reason);
    if (reason === 'shutdown') return this.fault('shutting-down', reason);
    return this.finish(reason);
  }

  flushed(): ProtocolActions {
    this.state = 'over';
    return [{ kind: 'close', ...this.farewell }];
  }

  disconnected(): ProtocolActions {
    const open = this.state === 'streaming';
    this.state = 'over';
    return open ? [{ kind: 'end', reason: 'disconnected' }] : [];
  }

  opened(): ProtocolActions {
    return [];
  }

  result(): ProtocolActions {
    return [];
  }

  malformed(): ProtocolActions {
    return [];
  }

  private get isLive(): boolean {
    return this.state === 'waiting' || this.state === 'streaming';
  }

  private hear(news: FragmentNews, nowMs: number): ProtocolActions {
    if (!this.isLive) return [];
    // The rest of this body is lost; the next one begins behind what was understood.
    if (news.kind === 'malformed') {
      this.isBodyOver = true;
      return [{ kind: 'count', code: 'invalid-payload' }];
    }
    const { fragment } = news;
    const error = fragment.tags.get(errorTag);
    if (error !== undefined && keyError.test(error)) return this.fault('unreadable-stream');
    if (error !== undefined) {
      this.isBodyOver = true;
      return this.bodyFailed();
    }
    return this.isNew(fragment) && fragment.blocks.length > 0 ? this.onFragment(fragment, nowMs) : [];
  }

  private isNew({ tags }: Fragment): boolean {
    this.token = tags.get(token) ?? this.token;
    const number = tags.get('AWS_KINESISVIDEO_FRAGMENT_NUMBER') ?? '';
    if (!/^\d{1,128}$/.test(number)) return true;
    if (BigInt(number) <= this.lastNumber) return false;
    this.lastNumber = BigInt(number);
    return true;
  }

  private onFragment(fragment: Fragment, nowMs: number): ProtocolActions {
    const contact = fragment.tags.get('ContactId');
    const isOurs = contact === undefined || contact === this.request.contactId;
    // Streams are used again: before ours another contact's end may lie, and behind it another's beginning.
    if (!isOurs) return this.state === 'streaming' ? this.finish('ended') : [];
    this.heardMs = nowMs;
    this.producedMs =
      Number(fragment.tags.get('AWS_KINESISVIDEO_PRODUCER_TIMESTAMP')) * 1000 || this.producedMs;
    const begins = this.tracks === undefined;
    this.tracks ??= KinesisTracks.of(fragment);
    if (!this.tracks) return this.fault('unsupported-format');
    const opens: ProtocolActions = begins ? [this.open(this.tracks)] : [];
    return [...opens, ...this.tracks.hear(fragment)];
  }

  private open({ format }: KinesisTracks): ProtocolAction {
    const { contactId, ani, dnis, customerId, direction, attestation, metadata = {} } = this.request;
    this.state = 'streaming';
    const description: Omit<CallDescription, 'tenantId'> = {
      protocol: 'kinesis',
      externalId: contactId,
      format,
      ani: ani || undefined,
      dnis: dnis || undefined,
      claimedCustomer: customerId || undefined,
      metadata,
      ...(direction && { direction }),
      ...(attestation && { attestation }),
      streamKey: contactId,
      resumes: [contactId],
    };
    return { kind: 'open', description };
  }

  /** Ends what there is of a call, then the reading. */
  private finish(reason: CallCloseReason): ProtocolActions {
    if (!this.isLive) return [];
    const rest = this.tracks?.rest() ?? [];
    const open = this.state === 'streaming';
    this.state = open ? 'finishing' : 'over';
    return open ? [...rest, { kind: 'end', reason }] : [{ kind: 'close', ...this.farewell }];
  }

  private fault(code: FatalErrorCode, reason: CallCloseReason = 'protocol-error'): ProtocolActions {
    if (!this.isLive) return [];
    this.farewell = { closeCode: telephonyErrors[code].closeCode, reason: code };
    return [{ kind: 'count', code }, ...this.finish(reason)];
  }
}
