import { Module } from '@nestjs/common';
import { PoliciesModule } from '../policies/policies.module.js';
import { MeanVoiceGathering } from './mean-voice-gathering.js';
import { MeanVoicesController } from './mean-voices.controller.js';
import { MeanVoicesService } from './mean-voices.service.js';

@Module({
  imports: [PoliciesModule],
  controllers: [MeanVoicesController],
  providers: [MeanVoiceGathering, MeanVoicesService],
  exports: [MeanVoiceGathering],
})
export class MeanVoicesModule {}
