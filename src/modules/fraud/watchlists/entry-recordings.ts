import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../../../core/auth/principal.js';
import type { CallId, WatchlistId } from '../../../core/ids.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { CallRegistry } from '../../calls/live/call-registry.js';
import { readRecording } from '../../people/voiceprints/recording.js';
import { UploadAnalysis } from '../../people/voiceprints/upload-analysis.js';
import type { NewEntry } from './watchlist-body.js';
import { WatchlistEntries } from './watchlist-entries.service.js';
import type { EntryView } from './watchlist-view.js';

/** Where a listed voice may come from: a recording, or a call that goes on. Timbre keeps no voice of a call that is over. */
@Injectable()
export class EntryRecordings {
  constructor(
    private readonly entries: WatchlistEntries,
    private readonly analysis: UploadAnalysis,
    private readonly calls: CallRegistry,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Takes the file over: it is overwritten before this returns. */
  async upload(
    by: Principal,
    listId: WatchlistId,
    entry: NewEntry,
    file: Uint8Array,
    callerChannel: 0 | 1 | undefined,
  ): Promise<EntryView> {
    try {
      await this.entries.mayAdd(by.tenantId, listId, entry);
      const { format, data } = readRecording(file, callerChannel, this.config.maxUploadSeconds);
      const analysed = await this.analysis.run(format, data, new AbortController().signal);
      if (analysed.kind !== 'analysed') {
        throw new ProblemError(503, 'analysis-failed', 'The recording could not be analysed', {
          detail: 'Nothing was stored. Try again.',
        });
      }
      const { stretch } = analysed;
      try {
        return await this.entries.add(by, listId, entry, { stretch, source: 'upload', callId: null });
      } finally {
        for (const { embedding } of stretch.embeddings) embedding.fill(0);
      }
    } finally {
      file.fill(0);
    }
  }

  /** The voice of a call that is held against this very list: where the gate keeps the list away from a call, it cannot feed it either. */
  async fromCall(by: Principal, listId: WatchlistId, entry: NewEntry, callId: CallId): Promise<EntryView> {
    await this.entries.mayAdd(by.tenantId, listId, entry);
    const call = this.calls.find(by.tenantId, callId);
    if (call === undefined) {
      if ((await this.calls.latest(by.tenantId, callId)) === undefined)
        throw new ProblemError(404, 'unknown-call', 'No such call');
      throw new ProblemError(409, 'call-not-live', 'The call does not go on here', {
        detail:
          'It is over, and nothing of its voice is kept; or it lives on another process of this service.',
      });
    }
    const screened = call.session.screening.stretchFor(listId);
    if (screened === undefined) {
      throw new ProblemError(409, 'call-not-screened', 'This call may not be held against this watchlist', {
        detail:
          'No customer is named, consent and ground do not cover the caller, or agent and caller share a channel.',
      });
    }
    if (screened === null) {
      throw new ProblemError(422, 'not-enough-speech', 'There is too little speech', {
        detail: 'The caller has hardly spoken yet. Nothing was stored.',
      });
    }
    try {
      return await this.entries.add(by, listId, entry, { stretch: screened, source: 'call', callId });
    } finally {
      for (const { embedding } of screened.embeddings) embedding.fill(0);
    }
  }
}
