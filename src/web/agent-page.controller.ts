import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { CONFIG, type Config } from '../platform/config/config.js';
import { Public } from '../platform/http/public.decorator.js';
import { Page } from './page.js';

/** The page is open to anyone and knows nothing: all it shows comes with the token that is entered there. */
@Public()
@ApiExcludeController()
@Controller('agent')
export class AgentPageController {
  private readonly pageText: Page;

  constructor(@Inject(CONFIG) config: Config) {
    this.pageText = new Page('agent', { framedBy: config.agentPageFramedBy });
  }

  @Get()
  page(@Req() request: Request, @Res() response: Response): void {
    this.pageText.send('', request, response);
  }

  @Get('js/:file')
  script(@Param('file') file: string, @Req() request: Request, @Res() response: Response): void {
    this.pageText.send(`js/${file}`, request, response);
  }

  @Get(':file')
  asset(@Param('file') file: string, @Req() request: Request, @Res() response: Response): void {
    this.pageText.send(file, request, response);
  }
}
