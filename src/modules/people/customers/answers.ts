import { z } from 'zod';

export const customerViewSchema = z
  .object({
    customerId: z.uuid(),
    accountRef: z.string(),
    residence: z.string().nullable(),
    createdAt: z.iso.datetime(),
    lastInteractionAt: z.iso.datetime(),
  })
  .meta({ id: 'CustomerView' });

export const customersListAnswer = z.object({
  customers: z.array(customerViewSchema),
  next: z.uuid().nullable(),
});
