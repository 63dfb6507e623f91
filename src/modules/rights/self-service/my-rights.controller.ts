import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Post,
  Query,
  Req,
  Res,
  UseGuards,
} from '@nestjs/common';
import { ApiOperation, ApiParam, ApiProduces, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Public } from '../../../platform/http/public.decorator.js';
import { pageInItselfHeaders } from '../../../platform/http/page-in-itself.js';
import { bundlePage } from '../data-bundles/bundle-page.js';
import { bundleLanguages, bundleSpeaker } from '../data-bundles/bundle-speaker.js';
import type { DataBundle } from '../data-bundles/data-bundle.js';
import type { ObjectionView, TakenBack } from '../requests/objections.service.js';
import { myRequestBody, type MyNewRequest, type MyRequest } from './my-request.js';
import { MyRightsService } from './my-rights.service.js';
import type { Visit } from './self-service-session.entity.js';
import { CurrentSession, NeedsScope, SessionGuard } from './session.guard.js';
import { dataBundleSchema } from '../data-bundles/answers.js';
import { myRequestSchema, myRightsListAnswer, myRightsObjectionsAnswer } from './answers.js';
import { takenBackSchema } from '../requests/answers.js';

const pageQuery = z.strictObject({ language: z.enum(bundleLanguages).prefault('en') });

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
    standardSchema: dataBundleSchema,
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
  @ApiQuery({ name: 'language', required: false, enum: bundleLanguages })
  @ApiResponse({
    status: 200,
    schema: { type: 'string' },
    description: 'One page that needs nothing but itself.',
  })
  async page(
    @CurrentSession() visit: Visit,
    @Query({ schema: pageQuery }) { language }: z.output<typeof pageQuery>,
    @Res() response: Response,
  ): Promise<void> {
    const page = bundlePage(await this.rights.bundle(visit), bundleSpeaker(language));
    response.set(pageInItselfHeaders).attachment('my-voice-data.html').send(page);
  }

  @Get('requests')
  @ApiOperation({ summary: 'What the visitor has asked for, and by when it is answered' })
  @ApiResponse({
    status: 200,
    standardSchema: myRightsListAnswer,
    description: 'Open ones by their date, then answered ones.',
  })
  async list(@CurrentSession() visit: Visit): Promise<{ requests: readonly MyRequest[] }> {
    return { requests: await this.rights.list(visit) };
  }

  @Post('requests')
  @ApiOperation({
    summary: 'Ask for something about one’s own data',
    description: 'As POST /v1/customers/{id}/requests, with the link as the identity check.',
  })
  @ApiResponse({ status: 503, description: 'clock-set-back' })
  @ApiResponse({ status: 201, standardSchema: myRequestSchema, description: 'Received, with its date.' })
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

  @Get('objections')
  @ApiOperation({ summary: 'What the visitor has objected to or limited, and can take back' })
  @ApiResponse({
    status: 200,
    standardSchema: myRightsObjectionsAnswer,
    description: 'Those in force, oldest first.',
  })
  async objections(@CurrentSession() visit: Visit): Promise<{ objections: readonly ObjectionView[] }> {
    return { objections: await this.rights.objections(visit) };
  }

  @Delete('objections/:objectionId')
  @HttpCode(200)
  @ApiParam({ name: 'objectionId', format: 'uuid' })
  @ApiOperation({
    summary: 'Take an objection or a limit back',
    description: 'As DELETE /v1/customers/{id}/objections/{id} does. It gives no consent.',
  })
  @ApiResponse({ status: 503, description: 'clock-set-back' })
  @ApiResponse({ status: 200, standardSchema: takenBackSchema, description: 'Taken back, now or before.' })
  @ApiResponse({ status: 404, description: 'objection-not-found: never made, nothing recorded.' })
  @ApiResponse({
    status: 409,
    description:
      'opt-out-signal-on: the browser asks for the opposite (Global Privacy Control). objection-not-carried-out.',
  })
  takeBack(
    @CurrentSession() visit: Visit,
    @Param('objectionId', { schema: z.uuid() }) objectionId: string,
    @Req() request: Request,
  ): Promise<TakenBack> {
    return this.rights.takeBack(visit, objectionId, request.headers['sec-gpc']);
  }
}
