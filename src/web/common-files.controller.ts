import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Public } from '../platform/http/public.decorator.js';
import { Page } from './page.js';

/** What the pages share: their scripts ask for it relative to their own, so the folders' names are part of the addresses. */
@Public()
@ApiExcludeController()
@Controller('common')
export class CommonFilesController {
  private readonly page = new Page('common');

  @Get('browser/:file')
  script(@Param('file') file: string, @Req() request: Request, @Res() response: Response): void {
    this.page.send(`js/${file}`, request, response);
  }

  @Get(':file')
  asset(@Param('file') file: string, @Req() request: Request, @Res() response: Response): void {
    this.page.send(file, request, response);
  }
}
