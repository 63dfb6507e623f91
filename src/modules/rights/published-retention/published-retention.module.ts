import { Module } from '@nestjs/common';
import { PoliciesModule } from '../../installation/policies/policies.module.js';
import { PublishedRetentionController } from './published-retention.controller.js';
import { PublishedRetentionService } from './published-retention.service.js';

@Module({
  imports: [PoliciesModule],
  controllers: [PublishedRetentionController],
  providers: [PublishedRetentionService],
})
export class PublishedRetentionModule {}
