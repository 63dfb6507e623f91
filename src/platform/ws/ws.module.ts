import { Global, Module } from '@nestjs/common';

import { UpgradeRouter } from './upgrade-router.js';

/** Needs METRICS_REGISTRY, LOGGER, ACCESS_WATCH and Shutdown from global modules. */
@Global()
@Module({ providers: [UpgradeRouter], exports: [UpgradeRouter] })
export class WsModule {}
