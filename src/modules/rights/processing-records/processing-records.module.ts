import { Module } from '@nestjs/common';
import { PoliciesModule } from '../../installation/policies/policies.module.js';
import { ProcessingRecordsController } from './processing-records.controller.js';
import { ProcessingRecordsService } from './processing-records.service.js';

@Module({
  imports: [PoliciesModule],
  controllers: [ProcessingRecordsController],
  providers: [ProcessingRecordsService],
})
export class ProcessingRecordsModule {}
