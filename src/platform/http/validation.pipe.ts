import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { fieldErrors } from './field-errors.js';
import { ProblemError } from './problem.js';

/** Parses what a route takes by the schema in its decorator: `@Body({ schema })`, `@Query({ schema })`, `@Param('id', { schema })`. */
@Injectable()
export class SchemaValidationPipe implements PipeTransform {
  async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.schema === undefined) return value;
    const result = await metadata.schema['~standard'].validate(value);
    if (result.issues === undefined) return result.value;
    throw new ProblemError(400, 'bad-input', 'The input is not valid', {
      errors: fieldErrors(result.issues, metadata.data ?? metadata.type),
    });
  }
}
