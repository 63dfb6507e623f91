import { Module } from '@nestjs/common';
import { PoliciesModule } from '../../installation/policies/policies.module.js';
import { DataBundleService } from './data-bundle.service.js';

@Module({ imports: [PoliciesModule], providers: [DataBundleService], exports: [DataBundleService] })
export class DataBundlesModule {}
