import { Inject, Injectable } from '@nestjs/common';
import type { MigratedSpeech } from '../../../core/calls/live-migration.js';
import type { Clock } from '../../../core/clock.js';
import type { CustomerId } from '../../../core/ids.js';
import { CLOCK } from '../../../platform/clock.js';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';
import { wipeStretches } from '../../people/voiceprints/pending-stretches.js';
import { VoiceprintsService } from '../../people/voiceprints/voiceprints.service.js';
import { CallEventWriter } from '../call-log/call-event-writer.js';
import type { CallSession } from './call-session.js';

/** Carries customers to the current model: the speech of a call that was accepted becomes a voiceprint of it, or a part of one. */
@Injectable()
export class CallMigrations {
  constructor(
    private readonly voiceprints: VoiceprintsService,
    private readonly writer: CallEventWriter,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Takes the speech over. The call is over already: what it said stands, whatever comes of this. */
  async store(
    { callId, description }: CallSession,
    customerId: CustomerId,
    { stretch, from, ticket }: MigratedSpeech,
  ): Promise<void> {
    const { tenantId } = description;
    const offered = { ...stretch, source: 'call' as const, callId, ticket };
    try {
      const outcome = await this.voiceprints.migrate(tenantId, customerId, offered, from);
      const at = new Date(this.clock.nowMs());
      this.writer.add({ tenantId, callId, at, kind: 'migration', payload: { ...outcome, from } });
    } catch (error) {
      this.logger.error({ err: error, callId }, 'a voiceprint of the current model was not stored');
    } finally {
      wipeStretches([stretch]);
    }
  }
}
