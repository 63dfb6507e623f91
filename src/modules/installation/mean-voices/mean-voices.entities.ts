import { MeanVoiceSum } from './mean-voice-sum.entity.js';
import { MeanVoiceVersion } from './mean-voice-version.entity.js';

export const meanVoicesEntities = [MeanVoiceSum, MeanVoiceVersion];
