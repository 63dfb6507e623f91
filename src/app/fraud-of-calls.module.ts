import { Global, Module } from '@nestjs/common';
import { FlagsModule } from '../modules/fraud/flags/flags.module.js';
import { WatchlistsModule } from '../modules/fraud/watchlists/watchlists.module.js';

/** Gives live calls, which know nothing of the quarter above them, their flags and watchlists: CALL_RISK and CALL_SCREENING. */
@Global()
@Module({ imports: [FlagsModule, WatchlistsModule], exports: [FlagsModule, WatchlistsModule] })
export class FraudOfCallsModule {}
