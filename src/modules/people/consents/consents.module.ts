import { Module } from '@nestjs/common';
import { ConsentNoticesController } from './consent-notices.controller.js';
import { ConsentNoticesService } from './consent-notices.service.js';
import { ConsentSignersController } from './consent-signers.controller.js';
import { ConsentSignersService } from './consent-signers.service.js';
import { ConsentsController } from './consents.controller.js';
import { ConsentsService } from './consents.service.js';

@Module({
  controllers: [ConsentsController, ConsentNoticesController, ConsentSignersController],
  providers: [ConsentsService, ConsentNoticesService, ConsentSignersService],
  exports: [ConsentsService, ConsentNoticesService],
})
export class ConsentsModule {}
