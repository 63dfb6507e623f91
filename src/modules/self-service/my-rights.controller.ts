import { Body, Controller, Get, Post, Res, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Public } from '../../platform/http/public.decorator.js';
import { bundlePage, bundlePageHeaders } from '../data-bundles/bundle-page.js';
import type { DataBundle } from '../data-bundles/data-bundle.js';
import { myRequestBody, type MyNewRequest, type MyRequest } from './my-request.js';
import { MyRightsService } from './my-rights.service.js';
import type { Visit } from './self-service-session.entity.js';
import { CurrentSession, NeedsScope, SessionGuard } from './session.guard.js';

/** Copies and requests on the customer page. As everywhere there, no route takes a customer's id. */
@Public()
@UseGuards(SessionGuard)
@NeedsScope('requests')
@ApiTags('self-service')
@Controller('v1/me')
export class MyRightsController {
  constructor(private readonly rights: MyRightsService) {}

  @Get('data')
  @ApiOperation({ summary: 'All that is held of the visitor, as JSON to take elsewhere' })
  @ApiResponse({
    status: 200,
    description: 'The format is `timbre-data-bundle` 1; never a voiceprint itself.',
  })
  data(@CurrentSession() visit: Visit, @Res({ passthrough: true }) response: Response): Promise<DataBundle> {
    response.attachment('my-voice-data.json');
    response.type('application/json');
    return this.rights.bundle(visit);
  }

  @Get('data.html')
  @ApiProduces('text/html')
  @ApiOperation({ summary: 'The same as a page to read' })
  @ApiResponse({ status: 200, description: 'One page that needs nothing but itself.' })
  async page(@CurrentSession() visit: Visit, @Res() response: Response): Promise<void> {
    const page = bundlePage(await this.rights.bundle(visit));
    response.set(bundlePageHeaders).attachment('my-voice-data.html').send(page);
  }

  @Get('requests')
  @ApiOperation({ summary: 'What the visitor has asked for, and by when it is answered' })
  @ApiResponse({ status: 200, description: 'Open ones by their date, then answered ones.' })
  async list(@CurrentSession() visit: Visit): Promise<{ requests: readonly MyRequest[] }> {
    return { requests: await this.rights.list(visit) };
  }

  @Post('requests')
  @ApiOperation({
    summary: 'Ask for something about one’s own data',
    description: 'As POST /v1/customers/{id}/requests, with the link as the identity check.',
  })
  @ApiResponse({ status: 201, description: 'Received, with its date.' })
  @ApiResponse({ status: 400, description: 'bad-input: an unknown kind, or anything about another person.' })
  @ApiResponse({
    status: 404,
    description: 'request-not-found of an appeal: no such refusal of this person.',
  })
  @ApiResponse({ status: 409, description: 'request-open: one of this kind is.' })
  open(
    @CurrentSession() visit: Visit,
    @Body({ schema: myRequestBody }) body: MyNewRequest,
  ): Promise<MyRequest> {
    return this.rights.open(visit, body);
  }
}
