import { Module } from '@nestjs/common';
import { MulterModule } from '@nestjs/platform-express';
import { CALL_SCREENING } from '../../../core/watchlist/call-screening.port.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { CallRegistryModule } from '../../calls/live/call-registry.module.js';
import { PoliciesModule } from '../../installation/policies/policies.module.js';
import { TenantsModule } from '../../installation/tenants/tenants.module.js';
import { uploadLimits } from '../../people/voiceprints/upload-limits.js';
import { VoiceprintsModule } from '../../people/voiceprints/voiceprints.module.js';
import { EntryRecordings } from './entry-recordings.js';
import { WatchlistDirectory } from './watchlist-directory.js';
import { WatchlistEntriesController } from './watchlist-entries.controller.js';
import { WatchlistEntries } from './watchlist-entries.service.js';
import { WatchlistScreening } from './watchlist-screening.js';
import { WatchlistsController } from './watchlists.controller.js';
import { WatchlistsService } from './watchlists.service.js';

@Module({
  imports: [
    CallRegistryModule,
    PoliciesModule,
    TenantsModule,
    VoiceprintsModule,
    MulterModule.registerAsync({
      inject: [CONFIG],
      useFactory: (config: Config) => uploadLimits(config, { fields: 8, fieldSize: 8000 }),
    }),
  ],
  controllers: [WatchlistsController, WatchlistEntriesController],
  providers: [
    { provide: CALL_SCREENING, useExisting: WatchlistScreening },
    EntryRecordings,
    WatchlistDirectory,
    WatchlistEntries,
    WatchlistScreening,
    WatchlistsService,
  ],
  exports: [CALL_SCREENING, WatchlistDirectory],
})
export class WatchlistsModule {}
