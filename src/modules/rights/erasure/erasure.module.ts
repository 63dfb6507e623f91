import { Inject, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';
import { PoliciesModule } from '../../installation/policies/policies.module.js';
import { ErasureController } from './erasure.controller.js';
import { ErasureService } from './erasure.service.js';
import { ReceiptKeys } from './receipt-keys.js';

@Module({
  imports: [PoliciesModule],
  controllers: [ErasureController],
  providers: [ErasureService, ReceiptKeys],
  exports: [ErasureService, ReceiptKeys],
})
export class ErasureModule implements OnApplicationBootstrap {
  constructor(
    private readonly erasures: ErasureService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.erasures.finishAll().catch((error: unknown) => {
      this.logger.error({ err: error }, 'erasures begun before could not be finished');
    });
  }
}
