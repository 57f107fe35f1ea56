/** The plans a user can be on. */
export const PLANS = ['free', 'premium', 'student', 'family'] as const;
