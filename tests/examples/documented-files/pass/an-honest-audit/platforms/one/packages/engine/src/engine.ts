export const run = (input: string): string => input.trim();
