import { z } from 'zod';

const name = z.string().min(1).max(300);
const text = z.string().min(1).max(2000);
/** Who answers, and how to reach them. */
const contact = z.strictObject({ name, address: text.optional(), email: z.email().optional() });

/**
 * What only the business can say of its processing (GDPR Art. 30(1)): who is responsible, whom it passes data on to, what else
 * protects it. The record of processing says what of it is missing.
 */
export const controllerDetailsSchema = z.strictObject({
  controller: contact.nullable(),
  representative: contact.nullable(),
  dataProtectionOfficer: contact.nullable(),
  jointControllers: z.array(contact).max(20),
  /** Outside the business: hosting, telephony, the police. */
  recipients: z
    .array(z.strictObject({ name, what: text, role: z.enum(['processor', 'controller']) }))
    .max(100),
  /** To countries outside the EU or EEA (Art. 30(1)(e)). */
  transfers: z
    .array(
      z.strictObject({
        country: z.string().regex(/^[A-Z]{2}$/, 'an ISO 3166 code such as US'),
        recipient: name,
        /** Adequacy decision, standard contractual clauses, … (Art. 44 to 49). */
        safeguard: text,
      }),
    )
    .max(100),
  /** Beside those that Timbre itself brings. */
  securityMeasures: z.array(text).max(100),
});

export type ControllerDetails = z.infer<typeof controllerDetailsSchema>;

export const noControllerDetails: ControllerDetails = {
  controller: null,
  representative: null,
  dataProtectionOfficer: null,
  jointControllers: [],
  recipients: [],
  transfers: [],
  securityMeasures: [],
};
