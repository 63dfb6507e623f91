import { Module } from '@nestjs/common';
import { PoliciesModule } from '../policies/policies.module.js';
import { CentreGathering } from './centre-gathering.js';
import { CentresController } from './centres.controller.js';
import { CentresService } from './centres.service.js';

@Module({
  imports: [PoliciesModule],
  controllers: [CentresController],
  providers: [CentreGathering, CentresService],
  exports: [CentreGathering],
})
export class CentresModule {}
