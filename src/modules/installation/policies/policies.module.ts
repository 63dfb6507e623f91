import { Module } from '@nestjs/common';
import { LegalPacksController } from './legal-packs.controller.js';
import { PoliciesController } from './policies.controller.js';
import { PoliciesService } from './policies.service.js';

@Module({
  controllers: [PoliciesController, LegalPacksController],
  providers: [PoliciesService],
  exports: [PoliciesService],
})
export class PoliciesModule {}
