import { Module } from '@nestjs/common';
import { PoliciesModule } from '../../installation/policies/policies.module.js';
import { ConsentImport } from './consent-import.service.js';
import { ConsentImportsController } from './consent-imports.controller.js';
import { ConsentNoticesController } from './consent-notices.controller.js';
import { ConsentNoticesService } from './consent-notices.service.js';
import { ConsentSignersService } from './consent-signers.service.js';
import { ConsentsController } from './consents.controller.js';
import { ConsentsService } from './consents.service.js';

@Module({
  imports: [PoliciesModule],
  controllers: [ConsentsController, ConsentNoticesController, ConsentImportsController],
  providers: [ConsentsService, ConsentNoticesService, ConsentSignersService, ConsentImport],
  exports: [ConsentsService, ConsentNoticesService],
})
export class ConsentsModule {}
