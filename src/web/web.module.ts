import { Module } from '@nestjs/common';
import { AgentPageController } from './agent-page.controller.js';

@Module({ controllers: [AgentPageController] })
export class WebModule {}
