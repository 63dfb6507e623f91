import { Global, Module, type DynamicModule } from '@nestjs/common';
import { ANALYSIS_ENGINE, type AnalysisEngine } from '../engine/engine.port.js';

@Global()
@Module({})
export class EngineModule {
  static with(engine: AnalysisEngine): DynamicModule {
    const provider = { provide: ANALYSIS_ENGINE, useValue: engine };
    return { module: EngineModule, providers: [provider], exports: [provider] };
  }
}
