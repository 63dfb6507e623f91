import { z } from 'zod';

/**
 * JSON Schema 2020-12 of a zod schema, as OpenAPI 3.1 has it; a schema with an id becomes a component.
 * Answers are left open: a client that refuses a field it does not know would break at the next version of Timbre.
 */
export function jsonSchemaOf(
  schema: unknown,
  { schemaType }: { readonly schemaType: 'input' | 'output' },
): { schema: unknown; components: Record<string, unknown> } | undefined {
  if (!(schema instanceof z.ZodType)) return undefined;
  const { $defs, ...own } = z.toJSONSchema(schema, {
    io: schemaType,
    unrepresentable: 'any',
    override({ jsonSchema }) {
      if (schemaType === 'output' && jsonSchema.additionalProperties === false)
        delete jsonSchema.additionalProperties;
      // Its format says it; zod's pattern for it fills half a page.
      if (jsonSchema.format === 'uuid' || jsonSchema.format === 'date-time') delete jsonSchema.pattern;
    },
  });
  delete own.$schema;
  return { schema: own, components: $defs ?? {} };
}
