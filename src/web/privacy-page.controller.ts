import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Public } from '../platform/http/public.decorator.js';
import { Page } from './page.js';

/** The page is open to anyone and knows nothing: all it shows comes with the token that is entered there. */
@Public()
@ApiExcludeController()
@Controller('privacy')
export class PrivacyPageController {
  private readonly pageText = new Page('privacy');

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
