import type { z } from 'zod';

import type { StreamFormat } from '../../core/audio/stream-format.js';
import type { Attestation } from '../../core/calls/intake.js';
import type { CallProtocol } from '../../core/calls/protocols.js';
import type { JsonObject } from '../json-object.js';

/** What a platform that streams "as Twilio does" says differently; MediaStreamMachine does the rest. */
export interface Dialect {
  readonly protocol: CallProtocol;
  readonly start: z.ZodType<StreamStart>;
  readonly media: z.ZodType<MediaPacket>;
  /** Any other message, as far as it is read. */
  readonly other: z.ZodType<StreamEvent>;
  /** A fault within this field of `start` is a media format that Timbre does not take. */
  readonly formatField: string;
  /** How long a packet is waited for where the platform does not promise their order; absent where it does. */
  readonly reorderWithinMs?: number;
  /** The level that a passed validation without a letter stands for. */
  readonly plainPass?: Attestation;
  /** The platform says no stop: closing the socket in good order is the end of the call. */
  readonly closeEnds?: true;
  readonly unwrap?: (message: JsonObject) => JsonObject;
}

export interface StreamStart {
  readonly streamId: string;
  /** Its place among the stream's messages; needed where packets are put back in order. */
  readonly sequence?: number | undefined;
  readonly accountId?: string | undefined;
  readonly callId: string;
  /** Absent: not one that Timbre takes. */
  readonly format?: StreamFormat | undefined;
  /** Absent: the platform does not say which sides it will stream. */
  readonly tracks?: readonly string[] | undefined;
  /** All voices are in one. */
  readonly mixed?: true;
  readonly ani?: string | undefined;
  readonly dnis?: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface MediaPacket {
  /** Absent: the platform does not repeat it. */
  readonly streamId?: string | undefined;
  readonly sequence?: number | undefined;
  /** `inbound` is the caller. */
  readonly track: string;
  /** Counts the packets of a track. Absent: it follows the one before. */
  readonly chunk?: number | undefined;
  readonly timestampMs?: number | undefined;
  readonly payload: string;
}

export interface StreamEvent {
  readonly streamId?: string | undefined;
  readonly sequence?: number | undefined;
}
