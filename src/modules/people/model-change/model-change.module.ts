import { Module } from '@nestjs/common';
import { PoliciesModule } from '../../installation/policies/policies.module.js';
import { ModelKeeper } from './model-keeper.js';
import { ModelMetrics } from './model-metrics.js';
import { ModelsController } from './models.controller.js';
import { ModelsService } from './models.service.js';

@Module({
  imports: [PoliciesModule],
  controllers: [ModelsController],
  providers: [ModelKeeper, ModelMetrics, ModelsService],
})
export class ModelChangeModule {}
