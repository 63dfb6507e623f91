import { Controller, Get, Header } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../core/auth/principal.js';
import { noControllerDetails } from '../../../core/privacy/controller-details.js';
import { renderProcessingRecord } from '../../../core/privacy/processing-record-document.js';
import { processingRecord, type ProcessingRecord } from '../../../core/privacy/processing-record.js';
import { dataMapOf } from '../../../platform/database/stored-table.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { storedCustomers } from '../../people/customers/stored.js';
import { dataMapView, type DataMapView } from './data-map-view.js';
import { ProcessingRecordsService } from './processing-records.service.js';
import { dataMapViewSchema } from './answers.js';
import { processingRecordSchema } from '../../../core/privacy/schemas.js';

const recordExample = processingRecord(storedCustomers, noControllerDetails, {
  at: '2026-03-01T09:30:00.000Z',
  policyVersion: 0,
  retentionSettings: { 'retention.voiceprintDaysAfterLastInteraction': 730 },
});

@ApiTags('privacy')
@ApiBearerAuth()
@Roles('privacy', 'admin')
@Controller('v1/privacy')
export class ProcessingRecordsController {
  constructor(private readonly records: ProcessingRecordsService) {}

  @Get('data-map')
  @ApiOperation({
    summary: 'What every column of every table is for',
    description:
      'Each column is not personal, with why, or personal with purpose, legal bases, retention rule, erasure path and recipients. ' +
      '`comparedWithDatabase` says where the map and the database being served differ.',
  })
  @ApiResponse({
    status: 200,
    standardSchema: dataMapViewSchema,
    description: 'The data map.',
    example: dataMapView(dataMapOf(storedCustomers), []),
  })
  dataMap(@CurrentPrincipal() { tenantId }: Principal): Promise<DataMapView> {
    return this.records.dataMap(tenantId);
  }

  @Get('processing-record')
  @ApiOperation({
    summary: 'The record of processing activities (GDPR Art. 30)',
    description:
      'Purposes, people, kinds of data, recipients, retention and security come from the product; who is responsible, outside ' +
      'recipients and transfers from the policy’s `controllerDetails`. `missing` names what has not been given.',
  })
  @ApiResponse({
    status: 200,
    standardSchema: processingRecordSchema,
    description: 'As of now.',
    example: recordExample,
  })
  record(@CurrentPrincipal() { tenantId }: Principal): Promise<ProcessingRecord> {
    return this.records.record(tenantId);
  }

  @Get('processing-record.md')
  @Header('Content-Type', 'text/markdown; charset=utf-8')
  @Header('Content-Disposition', 'attachment; filename="processing-record.md"')
  @ApiOperation({ summary: 'The same, for people to read' })
  @ApiProduces('text/markdown')
  @ApiResponse({ status: 200, schema: { type: 'string' }, description: 'Markdown.' })
  async recordText(@CurrentPrincipal() { tenantId }: Principal): Promise<string> {
    return renderProcessingRecord(await this.records.record(tenantId));
  }
}
