import { applyDecorators } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';

/** How a list that goes on by cursor describes its page. */
export const ApiPage = ({ most, usual }: { readonly most: number; readonly usual: number }) =>
  applyDecorators(
    ApiQuery({
      name: 'limit',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: most, default: usual },
    }),
    ApiQuery({ name: 'cursor', required: false, type: String }),
  );
