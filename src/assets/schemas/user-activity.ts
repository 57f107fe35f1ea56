import { z } from 'zod';
import { DEVICE_TYPES } from './device-type.ts';
import { PLANS } from './plan.ts';

export const USER_ACTIVITY_TYPES = ['signup', 'login', 'logout', 'search', 'subscribe', 'cancel'] as const;

/** One thing that a user did to the account or in the app, apart from listening; the record of the topic `user_activity`. */
export const UserActivity = z.object({
  event_id: z.uuid().describe('Identifier of the event; a record that was sent twice carries it twice'),
  event_type: z.enum(USER_ACTIVITY_TYPES).describe('What the user did'),
  user_id: z.string().describe('Who did it'),
  session_id: z.uuid().nullable().describe('The visit from login to logout; null for a signup, which has none'),
  query: z.string().optional().describe('What was searched for; only a search has it'),
  plan: z.enum(PLANS).optional().describe('The plan taken or given up; only signup, subscribe and cancel have it'),
  device_type: z.enum(DEVICE_TYPES).describe('Kind of device that was used'),
  country: z.string().length(2).describe('Where the user was: ISO 3166-1 alpha-2 code'),
  occurred_at: z.iso.datetime().describe('When it happened, in UTC'),
});
export type UserActivity = z.infer<typeof UserActivity>;
