import { Module } from '@nestjs/common';
import { MulterModule } from '@nestjs/platform-express';
import { CALL_SCREENING } from '../../../core/watchlist/call-screening.port.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { CallRegistryModule } from '../../calls/live/call-registry.module.js';
import { PoliciesModule } from '../../installation/policies/policies.module.js';
import { TenantsModule } from '../../installation/tenants/tenants.module.js';
import { VoiceprintsModule } from '../../people/voiceprints/voiceprints.module.js';
import { EntryRecordings } from './entry-recordings.js';
import { WatchlistDirectory } from './watchlist-directory.js';
import { WatchlistEntriesController } from './watchlist-entries.controller.js';
import { WatchlistEntries } from './watchlist-entries.service.js';
import { WatchlistScreening } from './watchlist-screening.js';
import { WatchlistsController } from './watchlists.controller.js';
import { WatchlistsService } from './watchlists.service.js';

/** The densest audio taken: 48 kHz, two channels, 16 bits; and room for a WAV header with its notes. */
const bytesPerSecond = 48_000 * 2 * 2;
const headerBytes = 65_536;

@Module({
  imports: [
    CallRegistryModule,
    PoliciesModule,
    TenantsModule,
    VoiceprintsModule,
    // Without a storage Multer keeps the file in memory: audio never touches a disk.
    MulterModule.registerAsync({
      inject: [CONFIG],
      useFactory: ({ maxUploadSeconds }: Config) => ({
        limits: {
          fileSize: maxUploadSeconds * bytesPerSecond + headerBytes,
          files: 1,
          fields: 8,
          fieldSize: 8000,
        },
      }),
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
