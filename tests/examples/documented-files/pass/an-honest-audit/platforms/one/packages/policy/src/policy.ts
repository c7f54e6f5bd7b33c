export const allows = (user: string): boolean => user !== "";
