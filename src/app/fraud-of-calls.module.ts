import { Global, Module } from '@nestjs/common';
import { FlagsModule } from '../modules/fraud/flags/flags.module.js';
import { WatchlistsModule } from '../modules/fraud/watchlists/watchlists.module.js';

/** Gives live calls and people's voiceprints, which know nothing of the quarter above them, CALL_RISK, CALL_SCREENING and REPLACEMENT_BLOCKS. */
@Global()
@Module({ imports: [FlagsModule, WatchlistsModule], exports: [FlagsModule, WatchlistsModule] })
export class FraudOfCallsModule {}
