import { Module } from '@nestjs/common';
import { PoliciesModule } from '../../installation/policies/policies.module.js';
import { RequestsModule } from '../requests/requests.module.js';
import { BundlesController } from './bundles.controller.js';
import { DataBundleService } from './data-bundle.service.js';

@Module({
  imports: [PoliciesModule, RequestsModule],
  controllers: [BundlesController],
  providers: [DataBundleService],
  exports: [DataBundleService],
})
export class DataBundlesModule {}
