import { Module } from '@nestjs/common';
import { PoliciesModule } from '../../installation/policies/policies.module.js';
import { ConsentGiving } from './consent-giving.service.js';
import { ConsentGivingController } from './consent-giving.controller.js';
import { ConsentImport } from './consent-import.service.js';
import { ConsentImportsController } from './consent-imports.controller.js';
import { Interactions } from './interactions.service.js';
import { ResidenceChange } from './residence-change.service.js';
import { ResidenceController } from './residence.controller.js';

/** What happens to a customer and gives what is kept of the voice its date anew: consent, a new home, a call. */
@Module({
  imports: [PoliciesModule],
  controllers: [ConsentGivingController, ConsentImportsController, ResidenceController],
  providers: [ConsentGiving, ConsentImport, Interactions, ResidenceChange],
  exports: [ConsentGiving, Interactions],
})
export class CustomerChangesModule {}
