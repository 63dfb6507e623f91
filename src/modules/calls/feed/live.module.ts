import { Module } from '@nestjs/common';
import { LiveController } from './live.controller.js';
import { LiveEventsStore } from './live-events.store.js';
import { LiveGateway } from './live.gateway.js';

@Module({ controllers: [LiveController], providers: [LiveEventsStore, LiveGateway] })
export class LiveModule {}
