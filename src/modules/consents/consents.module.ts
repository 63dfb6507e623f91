import { Module } from '@nestjs/common';
import { PoliciesModule } from '../policies/policies.module.js';
import { ConsentNoticesController } from './consent-notices.controller.js';
import { ConsentNoticesService } from './consent-notices.service.js';
import { ConsentsController } from './consents.controller.js';
import { ConsentsService } from './consents.service.js';

@Module({
  imports: [PoliciesModule],
  controllers: [ConsentsController, ConsentNoticesController],
  providers: [ConsentsService, ConsentNoticesService],
  exports: [ConsentsService, ConsentNoticesService],
})
export class ConsentsModule {}
